using Coupon.Faults.Schedules;

namespace Coupon.Tests.Faults.Schedules;

[NeedsNothing]
public sealed class ShrinkingTests
{
    private static readonly Schedule _schedule = new(1, StackKind.Alone, 100, [.. Enumerable.Range(1, 6).Select(Of)]);

    [Fact]
    public async Task What_is_not_needed_for_the_failure_is_dropped()
    {
        var shrunk = await Shrinking.ShrinkAsync(_schedule, schedule => Task.FromResult(Has(schedule, 2) && Has(schedule, 5)), mostRuns: 100);

        Assert.Equal([2, 5], shrunk.Faults.Select(fault => fault.Number));
    }

    [Fact]
    public async Task A_schedule_that_fails_only_as_a_whole_stays_what_it_is() =>
        Assert.Equal(_schedule, await Shrinking.ShrinkAsync(_schedule, schedule => Task.FromResult(schedule.Faults.Count == 6), mostRuns: 100));

    [Fact]
    public async Task No_more_runs_are_made_than_allowed()
    {
        var runs = 0;
        await Shrinking.ShrinkAsync(
            _schedule,
            _ =>
            {
                runs++;
                return Task.FromResult(false);
            },
            mostRuns: 3
        );

        Assert.Equal(3, runs);
    }

    private static Fault Of(int number) =>
        new(number, FaultKind.FlushRedis, new FaultTarget(null, Names.Redis), TimeSpan.FromSeconds(number), TimeSpan.Zero, 0);

    private static bool Has(Schedule schedule, int number) => schedule.Faults.Any(fault => fault.Number == number);
}
