using Coupon.Api.Issuing.Deciding;
using Coupon.LocalServers;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Options;

namespace Coupon.Tests.Api;

/// <summary>A setting that cannot work stops the start, and the error names it.</summary>
[NeedsNothing]
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Issuing:ConfirmTimeout", "00:01:00", "ConfirmTimeout")]
    [InlineData("Issuing:RelayGrace", "00:00:00.5", "Issuing:RelayGrace must not be below Issuing:ConfirmTimeout")]
    [InlineData("Issuing:RelayLease", "00:00:07", "Issuing:RelayLease must not be below Producer:MessageTimeout")]
    [InlineData("Issuing:OutboxLimit", "-1", "OutboxLimit")]
    [InlineData("Stock:LeaseTime", "00:00:00.1", "LeaseTime")]
    [InlineData("Stock:LeaseTime", "00:00:02", "Producer:MessageTimeout must not be above Stock:LeaseTime + Stock:ReplicaLag + 2 s")]
    [InlineData("Stock:Concurrency", "0", "Concurrency")]
    [InlineData("Producer:BatchSize", "1", "BatchSize")]
    [InlineData("WarmUp:Connections", "0", "Connections")]
    [InlineData("Auth:AllowAnonymous", "false", "Anybody could press for anybody")]
    [InlineData("Auth:Header", "X-User-Id", "Proxies:Trusted")]
    [InlineData("Auth:Header", "X User", "Header")]
    [InlineData("Auth:Jwt:SigningKey", "short", "Auth:Jwt:SigningKey")]
    [InlineData("Auth:Jwt:Authority", "http://identity.example", "Auth:Jwt:Authority")]
    [InlineData("Proxies:Trusted", "nowhere", "neither an address nor a network")]
    [InlineData("Limits:WaitingPresses", "0", "WaitingPresses")]
    [InlineData("Operators:Url", "http://127.0.0.1:5081", "Operators:Key or Operators:Jwt")]
    [InlineData("Operators:Key", "short", "Key")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "such as http://collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "http://")]
    public async Task A_setting_that_cannot_work_stops_the_start(string name, string value, string named)
    {
        var refused = await RefusalAsync(name, value);

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<OptionsValidationException> RefusalAsync(string name, string value)
    {
        while (true)
        {
            try
            {
                await StartAsync(name, value);
                throw new InvalidOperationException($"{name}={value} was not refused.");
            }
            catch (OptionsValidationException refused)
            {
                return refused;
            }
            catch (ObjectDisposedException)
            {
                // The factory used the host after the host had ended.
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task StartAsync(string name, string value)
    {
        await using var factory = new WebApplicationFactory<IssueScript>();
        await using var api = factory.WithWebHostBuilder(host =>
        {
            host.UseSetting("environment", "Production").UseSetting("urls", "http://127.0.0.1:0");
            foreach (var server in (string[])["Redis", "Kafka"])
                host.UseSetting($"ConnectionStrings:{server}", $"127.0.0.1:{FreePort.OfNobody}");
            host.UseSetting("ConnectionStrings:MySql", $"Server=127.0.0.1;Port={FreePort.OfNobody}")
                .UseSetting("Auth:AllowAnonymous", "true")
                .UseSetting(name, value);
        });
        api.UseKestrel();

        api.StartServer();
    }
}
