using Coupon.Faults.Checks;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Tests.Faults.Checks;

/// <summary>docs/durability.md, "What two failures at once can lose": these combinations, and no others.</summary>
[NeedsNothing]
public sealed class DocumentedLossTests
{
    private static readonly FaultTarget _redis = new(null, Names.Redis);
    private static readonly FaultTarget _kafka = new(null, Names.Kafka);
    private static readonly FaultTarget _api = new("api-1", null);

    private readonly SeenRun _run = new SeenRun().Told(10, user: 7, ordinal: 1);

    [Fact]
    public void A_flush_alone_excuses_nothing()
    {
        _run.Fault(FaultKind.FlushRedis, _redis, 10.5, 10.5);

        Assert.Equal([Promise.Lost], _run.Broken);
    }

    [Fact]
    public void A_dead_instance_alone_excuses_nothing()
    {
        _run.Fault(FaultKind.KillProcess, _api, 10.5, 14);

        Assert.Equal([Promise.Lost], _run.Broken);
    }

    [Fact]
    public void A_power_cut_of_Redis_and_an_instance_that_dies_before_its_message_is_sent_may_lose_it()
    {
        _run.Fault(FaultKind.PowerCutRedis, _redis, 10.5, 12).Fault(FaultKind.KillProcess, _api, 11, 14);

        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void An_instance_that_dies_long_after_it_told_has_sent_its_message_unless_Kafka_was_away()
    {
        _run.Fault(FaultKind.PowerCutRedis, _redis, 18, 19).Fault(FaultKind.KillProcess, _api, 18, 20);
        Assert.Equal([Promise.Lost], _run.Broken);

        _run.Fault(FaultKind.FreezeKafka, _kafka, 9, 18.5);
        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void What_another_instance_told_too_is_not_lost_with_the_first()
    {
        _run.Told(10.2, user: 7, ordinal: 1, "api-2", AnswerKind.AlreadyIssued);
        _run.Fault(FaultKind.PowerCutRedis, _redis, 10.5, 12).Fault(FaultKind.KillProcess, _api, 11, 14);

        Assert.Equal([Promise.Lost], _run.Broken);
    }

    [Fact]
    public void What_was_told_after_Redis_forgot_is_not_lost_by_that()
    {
        _run.Fault(FaultKind.FlushRedis, _redis, 9, 9).Fault(FaultKind.KillProcess, _api, 10.5, 14);

        Assert.Equal([Promise.Lost], _run.Broken);
    }

    [Fact]
    public void An_instance_that_is_frozen_for_less_than_its_lease_answers_for_what_it_told()
    {
        _run.Fault(FaultKind.FlushRedis, _redis, 11, 11).Fault(FaultKind.FreezeProcess, _api, 10.5, 11.5);
        Assert.Equal([Promise.Lost], _run.Broken);

        _run.Fault(FaultKind.FreezeProcess, _api, 10.5, 17);
        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void What_an_instance_says_when_it_thaws_is_not_excused_by_its_freeze()
    {
        var run = new SeenRun();
        run.History.Answers.Enqueue(new Answer(TimeSpan.FromSeconds(10.4), TimeSpan.FromSeconds(17.1), 7, "api-1", AnswerKind.Accepted, 1, ""));
        run.Fault(FaultKind.FlushRedis, _redis, 11, 11).Fault(FaultKind.FreezeProcess, _api, 10.5, 17);

        Assert.Equal([Promise.Lost], run.Broken);
    }

    [Theory]
    [InlineData(nameof(FaultKind.FailOverRedis), nameof(StackKind.RedisReplica), true)]
    [InlineData(nameof(FaultKind.PromoteReplica), nameof(StackKind.RedisReplica), true)]
    [InlineData(nameof(FaultKind.KillRedis), nameof(StackKind.RedisReplica), false)]
    [InlineData(nameof(FaultKind.KillRedis), nameof(StackKind.RedisCluster), true)]
    [InlineData(nameof(FaultKind.FreezeRedis), nameof(StackKind.RedisCluster), true)]
    public void A_replica_that_takes_over_may_lack_what_an_instance_told_that_died(string kind, string stack, bool mayLack)
    {
        var run = new SeenRun(Enum.Parse<StackKind>(stack)).Told(10, user: 7, ordinal: 1);
        run.Fault(Enum.Parse<FaultKind>(kind), _redis, 10.5, 15).Fault(FaultKind.KillProcess, _api, 10.6, 14);

        Assert.Equal(mayLack ? [] : [Promise.Lost], run.Broken);
    }

    [Fact]
    public void An_instance_that_came_in_the_middle_and_has_left_answers_for_nothing_any_more()
    {
        var run = new SeenRun().Told(10, user: 7, ordinal: 1, "api-3").Fault(FaultKind.FlushRedis, _redis, 10.5, 10.5);
        Assert.Equal([Promise.Lost], run.Broken);

        run.Fault(FaultKind.ScaleUp, new FaultTarget("api-3", null), 5, 10.4);
        Assert.Empty(run.Violations);
    }

    [Fact]
    public void An_instance_that_reaches_MySQL_answers_for_what_it_told()
    {
        _run.Fault(FaultKind.FlushRedis, _redis, 11, 11)
            .Fault(FaultKind.HalfOpenLink, new FaultTarget("api-1", Names.Redis), 10, 18)
            .Fault(FaultKind.HalfOpenLink, new FaultTarget("api-1", Names.Kafka), 10, 18);
        Assert.Equal([Promise.Lost], _run.Broken);

        _run.Fault(FaultKind.FreezeMySql, new FaultTarget(null, Names.MySql), 10, 18);
        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void Whoever_is_told_the_number_of_somebody_excused_holds_it_alone()
    {
        _run.Fault(FaultKind.PowerCutRedis, _redis, 10.5, 12).Fault(FaultKind.KillProcess, _api, 11, 14);
        _run.Told(15, user: 8, ordinal: 1, "api-2").Row(1, user: 8);

        Assert.Empty(_run.Violations);
    }
}
