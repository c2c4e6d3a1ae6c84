using Coupon.Faults.Schedules;

namespace Coupon.Tests.Faults.Schedules;

[NeedsNothing]
public sealed class ScheduleDrawTests
{
    private static readonly IReadOnlyList<Schedule> _many = [.. Enumerable.Range(1, 2_000).Select(ScheduleDraw.Of)];

    [Fact]
    public void A_seed_gives_the_same_schedule_again()
    {
        Assert.All(_many, schedule => Assert.Equal(schedule.ToString(), ScheduleDraw.Of(schedule.Seed).ToString()));
        Assert.True(_many.Select(schedule => schedule.ToString()).Distinct().Count() > 1_990);
    }

    [Fact]
    public void Seed_17_is_what_it_was_when_results_were_written_down() =>
        Assert.Equal(
            "#1 power-cut-redis redis at 3.1 s for 4.9 s; #2 freeze-my-sql mysql at 8.1 s for 2.2 s; #3 freeze-kafka kafka at 9.1 s for 7.7 s; "
                + "#4 flush-redis redis at 11.7 s",
            ScheduleDraw.Of(17).ToString()
        );

    [Fact]
    public void Every_kind_of_fault_is_drawn() =>
        Assert.Equal(Enum.GetValues<FaultKind>(), _many.SelectMany(schedule => schedule.Faults).Select(fault => fault.Kind).Distinct().Order());

    [Fact]
    public void Two_faults_of_the_same_target_never_overlap() =>
        Assert.All(_many.SelectMany(Pairs), pair => Assert.False(pair.First.Target.Touches(pair.Second.Target) && pair.First.Overlaps(pair.Second)));

    [Fact]
    public void Faults_of_different_targets_are_under_way_at_the_same_time() =>
        Assert.True(_many.Count(schedule => Pairs(schedule).Any(pair => pair.First.Overlaps(pair.Second))) > 1_000);

    [Fact]
    public void A_schedule_ends_within_the_bound_and_numbers_its_faults_in_their_order() => Assert.All(_many, schedule =>
        {
            Assert.InRange(schedule.End, TimeSpan.Zero, TimeSpan.FromSeconds(24));
            Assert.Equal(Enumerable.Range(1, schedule.Faults.Count), schedule.Faults.Select(fault => fault.Number));
            Assert.Equal(schedule.Faults.OrderBy(fault => fault.Start), schedule.Faults);
        });

    [Fact]
    public void Kept_faults_keep_their_numbers()
    {
        var schedule = _many.First(each => each.Faults.Count >= 3);

        Assert.Equal([schedule.Faults[0], schedule.Faults[2]], schedule.Keep([1, 3]).Faults);
    }

    private static IEnumerable<(Fault First, Fault Second)> Pairs(Schedule schedule) =>
        from first in schedule.Faults
        from second in schedule.Faults
        where first.Number < second.Number
        select (first, second);
}
