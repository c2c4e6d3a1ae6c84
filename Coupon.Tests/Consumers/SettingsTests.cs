using Coupon.Consumers;
using Coupon.LocalServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Coupon.Tests.Consumers;

/// <summary>Settings that cannot work are refused by name when the consumer starts, not by an endpoint that fails again and again.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Batch:MessageLimit", "0", "MessageLimit")]
    [InlineData("Batch:TimeLimit", "00:01:00", "TimeLimit")]
    [InlineData("Retry:BaseDelay", "00:00:00", "BaseDelay")]
    [InlineData("Valve:MaxShare", "1.5", "MaxShare")]
    [InlineData("DeadLetters:CountInterval", "00:00:00", "CountInterval")]
    [InlineData("ConsumerGroups:Persistence", "", "Persistence")]
    [InlineData("Topics:DeadLetters", "", "DeadLetters")]
    [InlineData("WarmUp:Messages", "0", "Messages")]
    [InlineData("Stock:Concurrency", "0", "Concurrency")]
    [InlineData("Operators:Key", "too short", "Key")]
    public async Task A_setting_that_cannot_work_stops_the_start(string name, string value, string named)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = $"127.0.0.1:{FreePort.OfNobody}",
            ["ConnectionStrings:Kafka"] = $"127.0.0.1:{FreePort.OfNobody}",
            ["ConnectionStrings:MySql"] = $"Server=127.0.0.1;Port={FreePort.OfNobody}",
            [name] = value,
        };

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static async Task StartAsync(Dictionary<string, string?> settings)
    {
        await using var app = ConsumerHost.Create(["--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders();
        });
        await app.StartAsync(ConsumerFixture.Stop);
    }
}
