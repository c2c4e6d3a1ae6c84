using System.Globalization;
using Coupon.Memory;
using Coupon.Tests.KafkaRider;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Memory;

public sealed class StartMemoryTests : IDisposable
{
    private readonly RecordedLogs _logs = new();

    [Fact]
    public async Task Pages_of_code_that_ran_are_given_back_and_the_code_still_runs()
    {
        var before = ResidentFiles();
        await ReleaseAsync(new MemoryOptions());
        var given = before - ResidentFiles();

        // A tenth only: the tests beside this one bring some of them back at once.
        Assert.True(given > before / 10, $"{given} of {before} kB were given back.");
        Assert.True(_logs.Contains("Gave back"), _logs.ToString());
        Assert.All(typeof(MemoryOptions).Assembly.GetTypes(), type => Assert.NotEmpty(type.Name));
    }

    [Fact]
    public async Task Nothing_is_given_back_where_that_is_turned_off()
    {
        await ReleaseAsync(new MemoryOptions { ReleaseAfterRehearsal = false });

        Assert.Empty(_logs.Entries);
    }

    public void Dispose() => _logs.Dispose();

    private static long ResidentFiles() => File.ReadLines("/proc/self/status").Where(line => line.StartsWith("RssFile:", StringComparison.Ordinal))
        .Select(line => long.Parse(line["RssFile:".Length..^" kB".Length], CultureInfo.InvariantCulture)).Single();

    private async Task ReleaseAsync(MemoryOptions options)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_logs));
        await new StartMemory(options, TimeProvider.System, loggers.CreateLogger<StartMemory>()).ReleaseAsync(TestContext.Current.CancellationToken);
    }
}
