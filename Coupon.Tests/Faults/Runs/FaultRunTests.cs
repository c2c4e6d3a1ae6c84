using Coupon.Faults.Checks;
using Coupon.Faults.Protections;
using Coupon.Faults.Runs;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Faults.Runs;

/// <summary>Whole runs on servers and processes of their own, whose stops and health have bounds in time.</summary>
[Collection(nameof(OneAtATime))]
public sealed class FaultRunTests
{
    private static readonly FaultTarget _redis = new(null, Names.Redis);
    private static readonly FaultTarget _coupon = new(null, null);

    [Fact]
    public async Task Everything_that_happens_in_a_run_is_in_its_history_and_every_promise_is_kept()
    {
        var result = await HoldAsync(
            null,
            new(1, FaultKind.PoisonRecords, new FaultTarget(null, Names.Kafka), Seconds(1), TimeSpan.Zero, 0.5),
            new(2, FaultKind.FlushRedis, _redis, Seconds(2), TimeSpan.Zero, 0.5),
            new(3, FaultKind.Restock, _coupon, Seconds(3), TimeSpan.Zero, 0.1),
            new(4, FaultKind.HalfOpenLink, new FaultTarget("api-1", Names.MySql), Seconds(3), Seconds(3), 0.5),
            new(5, FaultKind.KillProcess, new FaultTarget("consumer-2", null), Seconds(4), Seconds(2), 0.5)
        );

        Assert.True(result.IsGood, string.Join('\n', result.Violations.Select(violation => violation.Text)));
        Assert.Equal(5, result.History.Faults.Count);
        Assert.Equal(3, result.History.Strange.Count);
        Assert.Equal(4, result.History.Stops.Count);
        Assert.True(result.Accepted > 100, $"{result.Accepted} accepted");
        Assert.Equal(result.Outcome.Rows.Count, result.Outcome.Balance!.Persisted);
    }

    [Fact]
    public async Task Rows_that_say_another_user_than_was_told_are_found()
    {
        var forgetful = new Protection("rows", "rows that are what was sent")
        {
            Statements =
            [
                "CREATE TRIGGER another_user BEFORE INSERT ON issued_coupons FOR EACH ROW "
                    + "SET NEW.user_id = NEW.user_id + IF(NEW.ordinal % 20 = 0, 1000000, 0)",
            ],
        };

        var result = await HoldAsync(forgetful);

        Assert.True(result.Count(Promise.Lost) > 2, string.Join('\n', result.Violations.Select(violation => violation.Text)));
    }

    private static async Task<RunResult> HoldAsync(Protection? without, params Fault[] faults)
    {
        var logs = TemporaryFolder.Create("fault-logs");
        await using var servers = await FaultServers.StartAsync(StackKind.Alone, TestContext.Current.CancellationToken);
        return await FaultRun.HoldAsync(servers, new Schedule(1, StackKind.Alone, 500, faults), without, logs, TestContext.Current.CancellationToken);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
