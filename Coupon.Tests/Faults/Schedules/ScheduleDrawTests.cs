using Coupon.Faults.Schedules;

namespace Coupon.Tests.Faults.Schedules;

[NeedsNothing]
public sealed class ScheduleDrawTests
{
    private static readonly IReadOnlyList<Schedule> _many = [.. Enumerable.Range(1, 2_000).Select(ScheduleDraw.Of)];

    [Fact]
    public void A_seed_gives_the_same_schedule_again()
    {
        Assert.All(_many, schedule => Assert.Equal(schedule.ToString(), ScheduleDraw.Of(schedule.Seed, schedule.Stack).ToString()));
        Assert.True(_many.Select(schedule => schedule.ToString()).Distinct().Count() > 1_990);
    }

    // .ci/run holds it.
    [Fact]
    public void Seed_1_is_what_it_was_when_results_were_written_down() =>
        Assert.Equal(
            "#1 power-cut-redis redis at 1.3 s for 1.7 s; #2 throttle-link api-2 to kafka at 4.9 s for 19.0 s; #3 delete-coupon coupon at 8.2 s; "
                + "#4 delete-coupon coupon at 8.7 s",
            ScheduleDraw.Of(1).ToString()
        );

    [Fact]
    public void Every_stack_is_drawn() => Assert.Equal(Enum.GetValues<StackKind>(), _many.Select(schedule => schedule.Stack).Distinct().Order());

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
            Assert.InRange(schedule.End, TimeSpan.Zero, TimeSpan.FromSeconds(52));
            Assert.Equal(Enumerable.Range(1, schedule.Faults.Count), schedule.Faults.Select(fault => fault.Number));
            Assert.Equal(schedule.Faults.OrderBy(fault => fault.Start), schedule.Faults);
        });

    [Fact]
    public void Of_ten_freezes_one_is_longer_than_twenty_seconds()
    {
        var freezes = _many.SelectMany(schedule => schedule.Faults).Where(fault => fault.Kind == FaultKind.FreezeProcess).ToList();

        Assert.InRange(freezes.Count(fault => fault.Duration > TimeSpan.FromSeconds(20)), freezes.Count / 20, freezes.Count / 5);
        Assert.InRange(freezes.Max(fault => fault.Duration), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void Faults_that_are_asked_for_are_there_once_each_at_other_times_for_another_seed()
    {
        var choices = Choices("half-open-link@api-1:kafka", "freeze-process@api-1", "flush-redis");

        var schedules = Enumerable.Range(1, 20).Select(seed => ScheduleDraw.Of(seed, StackKind.Alone, choices)).ToList();

        Assert.All(schedules, schedule =>
        {
            Assert.Equal(choices.Select(choice => choice.Kind).Order(), schedule.Faults.Select(fault => fault.Kind).Order());
            Assert.Equal(new FaultTarget("api-1", Names.Kafka), schedule.Faults.Single(fault => fault.Kind == FaultKind.HalfOpenLink).Target);
        });
        Assert.True(schedules.Select(schedule => schedule.ToString()).Distinct().Count() == schedules.Count);
    }

    [Fact]
    public void What_follows_begins_within_a_second_after_what_was_named_before_it()
    {
        var choices = Choices("half-open-link@api-1:kafka", "+freeze-process@api-1", "+flush-redis");

        Assert.All(Enumerable.Range(1, 20).Select(seed => ScheduleDraw.Of(seed, StackKind.Alone, choices)), schedule =>
        {
            Assert.Equal(choices.Select(choice => choice.Kind), schedule.Faults.Select(fault => fault.Kind));
            Assert.All(schedule.Faults.Zip(schedule.Faults.Skip(1)), pair =>
                Assert.InRange(pair.Second.Start - pair.First.Start, TimeSpan.Zero, TimeSpan.FromSeconds(1))
            );
        });
    }

    [Theory]
    [InlineData("flush-redis", "flush-redis")]
    [InlineData("+flush-redis", "+flush-redis")]
    [InlineData("++flush-redis", null)]
    [InlineData("kill-process@consumer-2", "kill-process@consumer-2")]
    [InlineData("cut-link@api-3:mysql", "cut-link@api-3:mysql")]
    [InlineData("flush", null)]
    [InlineData("flush-redis@nobody", null)]
    [InlineData("cut-link@api-1:nothing", null)]
    [InlineData("cut-link@api-1:redis:more", null)]
    [InlineData("", null)]
    public void A_fault_is_read_as_it_is_written(string text, string? read) => Assert.Equal(read, FaultChoice.Parse(text)?.ToString());

    [Fact]
    public void Kept_faults_keep_their_numbers()
    {
        var schedule = _many.First(each => each.Faults.Count >= 3);

        Assert.Equal([schedule.Faults[0], schedule.Faults[2]], schedule.Keep([1, 3]).Faults);
    }

    private static FaultChoice[] Choices(params IEnumerable<string> texts) => [.. texts.Select(text => FaultChoice.Parse(text)!)];

    private static IEnumerable<(Fault First, Fault Second)> Pairs(Schedule schedule) =>
        from first in schedule.Faults
        from second in schedule.Faults
        where first.Number < second.Number
        select (first, second);
}
