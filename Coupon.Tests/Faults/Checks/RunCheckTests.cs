using Coupon.Faults.Checks;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Tests.Faults.Checks;

[NeedsNothing]
public sealed class RunCheckTests
{
    private static readonly FaultTarget _redis = new(null, Names.Redis);

    private readonly SeenRun _run = new();

    [Fact]
    public void A_balance_that_adds_up_with_rows_that_MySQL_did_not_have_is_wrong()
    {
        _run.History.Balances.Enqueue(_run.Balance(5, addsUp: true, rows: 3, rowsBefore: 4, rowsAfter: 6));

        Assert.Equal([Promise.Books], _run.Broken);
    }

    [Fact]
    public void A_balance_that_does_not_add_up_meanwhile_is_right_whatever_it_says()
    {
        _run.History.Balances.Enqueue(_run.Balance(5, addsUp: false, rows: 3, rowsBefore: 4, rowsAfter: 6));

        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void A_balance_that_adds_up_beside_more_told_ordinals_than_taken_seats_is_wrong()
    {
        for (var user = 1; user <= 9; user++)
            _run.Told(1, user, ordinal: user).Row(user, user);
        _run.History.Balances.Enqueue(_run.Balance(5, addsUp: true, rows: 8, told: 9));

        Assert.Equal([Promise.Books], _run.Broken);
    }

    [Fact]
    public void Books_that_do_not_balance_in_the_end_are_wrong()
    {
        _run.AddsUp = false;

        Assert.Equal([Promise.Books], _run.Broken);
    }

    [Fact]
    public void A_record_of_somebody_else_must_be_a_dead_letter_with_its_cause()
    {
        _run.History.Strange.Enqueue(new StrangeRecord(TimeSpan.Zero, 0, 5, "undecodable"));
        Assert.Equal([Promise.DeadLetters], _run.Broken);

        _run.Letter(5, "undecodable");
        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void A_record_of_somebody_else_that_an_operator_has_given_up_is_a_dead_letter_too()
    {
        _run.History.Strange.Enqueue(new StrangeRecord(TimeSpan.Zero, 0, 5, "undecodable"));
        _run.Letter(5, "undecodable", state: "Discarded");
        Assert.Equal([Promise.DeadLetters], _run.Broken);

        _run.Fault(FaultKind.DiscardDeadLetters, new FaultTarget(null, null), 7, 7);
        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void A_MySQL_that_is_promoted_without_its_last_rows_may_lack_entries_of_the_ledger_from_before()
    {
        _run.History.Strange.Enqueue(new StrangeRecord(TimeSpan.FromSeconds(4), 0, 5, "undecodable"));
        _run.Fault(FaultKind.FailOverMySql, new FaultTarget(null, Names.MySql), 2, 3);
        Assert.Equal([Promise.DeadLetters], _run.Broken);

        _run.Fault(FaultKind.FailOverMySql, new FaultTarget(null, Names.MySql), 5, 6);
        _run.History.Faults.TryDequeue(out _);
        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void A_late_copy_of_a_message_is_a_dead_letter_only_where_its_coupon_was_deleted()
    {
        _run.Letter(5, "unknown-coupon", ordinal: 3, user: 7);
        Assert.Equal([Promise.DeadLetters], _run.Broken);

        _run.History.Deletions.Enqueue(new Deletion(1, TimeSpan.FromSeconds(4)));
        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void A_seat_of_a_coupon_that_was_deleted_and_a_row_that_is_back_are_wrong()
    {
        _run.History.PressesOfDeleted.Enqueue(new PressOfDeleted(3, TimeSpan.FromSeconds(9), "api-2", 7, 202, "{\"ordinal\":6}"));
        _run.CameBack = [3];

        Assert.Equal([Promise.Deleted, Promise.Deleted], _run.Broken);
    }

    [Fact]
    public void Two_rows_of_a_user_are_wrong_in_every_coupon()
    {
        _run.TwoRowsOfOthers = [(3, 7)];

        Assert.Equal([Promise.OnePerUser], _run.Broken);
    }

    [Fact]
    public void A_process_that_ends_by_itself_is_named()
    {
        _run.History.Crashes.Enqueue(new Note(TimeSpan.FromSeconds(4), "api-2 ended by itself, with code 134."));

        Assert.Equal([Promise.Crashed], _run.Broken);
    }

    [Theory]
    [InlineData("api-1", 10.9, 0, true)]
    [InlineData("api-1", 11.5, 0, false)]
    [InlineData("consumer-1", 20.5, 0, true)]
    [InlineData("consumer-1", 21.5, 0, false)]
    [InlineData("consumer-1", 2, 1, false)]
    [InlineData("api-1", 30, null, false)]
    public void A_stop_has_a_bound_and_ends_with_code_0(string process, double seconds, int? code, bool isGood)
    {
        _run.History.Stops.Enqueue(new StopReading(TimeSpan.Zero, process, TimeSpan.FromSeconds(seconds), code));

        Assert.Equal(isGood ? [] : [Promise.Stopped], _run.Broken);
    }

    [Fact]
    public void A_flood_in_the_log_and_a_service_that_does_not_come_back_are_seen()
    {
        _run.LogSize = 1_000_000;
        _run.Recovery = null;

        Assert.Equal([Promise.LogVolume, Promise.Recovered], _run.Broken);
    }

    [Theory]
    [InlineData(9, 200, "Healthy", true)]
    [InlineData(25, 200, "Healthy", false)]
    [InlineData(25, 503, "Unhealthy", true)]
    [InlineData(25, 0, "", true)]
    [InlineData(29, 200, "Healthy", true)]
    public void Health_admits_a_frozen_Redis_after_ten_seconds_and_until_it_thaws(double at, int status, string text, bool isGood)
    {
        _run.Fault(FaultKind.FreezeRedis, _redis, 5, 28).Says(at, "api-1", status, text);

        Assert.Equal(isGood ? [] : [Promise.Health], _run.Broken);
    }

    [Fact]
    public void Health_owes_nothing_where_another_server_takes_the_place_of_the_one_that_is_away()
    {
        _run.Fault(FaultKind.FailOverRedis, _redis, 5, 28).Says(25, "api-1", 200, "Healthy");
        Assert.Empty(_run.Violations);

        var cluster = new SeenRun(StackKind.RedisCluster).Fault(FaultKind.FreezeRedis, _redis, 5, 28).Says(25, "api-1", 200, "Healthy");
        Assert.Empty(cluster.Violations);
    }

    [Fact]
    public void Health_owes_nothing_while_servers_are_started_again_one_of_which_may_be_back()
    {
        var brokers = new FaultTarget(null, Names.Kafka);
        _run.Fault(FaultKind.KillTwoBrokers, brokers, 5, 60, endBegan: 25).Says(40, "consumer-1", 200, "Healthy");
        Assert.Empty(_run.Broken);

        _run.Says(20, "consumer-1", 200, "Healthy");
        Assert.Equal([Promise.Health], _run.Broken);
    }

    [Fact]
    public void Health_of_a_process_that_has_just_come_back_owes_nothing_yet()
    {
        _run.Fault(FaultKind.FreezeRedis, _redis, 5, 48).Says(20, "api-1", 0, "").Says(25, "api-1", 200, "Healthy");
        Assert.Empty(_run.Violations);

        _run.Says(33, "api-1", 200, "Healthy");
        Assert.Equal([Promise.Health], _run.Broken);
    }

    [Fact]
    public void Health_of_another_instance_than_the_one_that_is_cut_off_owes_nothing()
    {
        _run.Fault(FaultKind.HalfOpenLink, new FaultTarget("api-1", Names.Redis), 5, 28);
        _run.Says(25, "api-2", 200, "Healthy");
        Assert.Empty(_run.Violations);

        _run.Says(25, "api-1", 200, "Healthy");
        Assert.Equal([Promise.Health], _run.Broken);
    }
}
