using Coupon.Database;

namespace Coupon.Tests.Database;

/// <summary>The steps in the life of a dead letter: every state against every step.</summary>
[NeedsNothing]
public sealed class DeadLetterRowTests
{
    private const string Lease = "a lease";
    private static readonly DateTime _now = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(DeadLetterState.Open, 0, true)]
    [InlineData(DeadLetterState.Replayed, 1, true)]
    [InlineData(DeadLetterState.Resolved, 1, false)]
    [InlineData(DeadLetterState.Discarded, 1, false)]
    public void A_failed_replay_opens_an_entry_that_is_not_closed(DeadLetterState state, int replays, bool opens)
    {
        var letter = Letter(state, replays);

        Assert.Equal(opens, letter.TryReopen(1, _now));

        Assert.Equal((opens ? DeadLetterState.Open : state, 1), (letter.State, letter.ReplayCount));
    }

    [Fact]
    public void The_failure_of_an_earlier_replay_is_no_news()
    {
        var letter = Letter(DeadLetterState.Replayed, replays: 2);

        Assert.False(letter.TryReopen(1, _now));

        Assert.Equal((DeadLetterState.Replayed, 2), (letter.State, letter.ReplayCount));
    }

    [Fact]
    public void The_same_failure_opens_an_entry_once()
    {
        var letter = Letter(DeadLetterState.Replayed, replays: 1);

        Assert.True(letter.TryReopen(1, _now));
        Assert.False(letter.TryReopen(1, _now));
    }

    [Fact]
    public void Headers_that_claim_many_replays_count_as_one_more()
    {
        var letter = Letter(DeadLetterState.Open, replays: 3);

        Assert.True(letter.TryReopen(1_000_000, _now));

        Assert.Equal(4, letter.ReplayCount);
    }

    [Theory]
    [InlineData(DeadLetterState.Open, true)]
    [InlineData(DeadLetterState.Replayed, true)]
    [InlineData(DeadLetterState.Resolved, false)]
    [InlineData(DeadLetterState.Discarded, false)]
    public void A_replay_is_marked_on_an_entry_that_is_not_closed(DeadLetterState state, bool marked)
    {
        var letter = Leased(state, Lease);

        Assert.Equal(marked, letter.TryMarkReplayed(Lease, 0, _now));

        Assert.Equal(
            marked ? (DeadLetterState.Replayed, 1, _now, null, null) : (state, 0, (DateTime?)null, Lease, (DateTime?)_now.AddMinutes(1)),
            (letter.State, letter.ReplayCount, letter.ReplayedAt, letter.LeasedBy, letter.LeasedUntil)
        );
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("another lease", 0)]
    [InlineData(Lease, 1)]
    public void A_replay_is_not_marked_when_its_lease_is_over_or_its_outcome_is_known(string? leasedBy, int replays)
    {
        var letter = Leased(DeadLetterState.Open, leasedBy);

        Assert.False(letter.TryMarkReplayed(Lease, replays, _now));

        Assert.Equal((DeadLetterState.Open, 0), (letter.State, letter.ReplayCount));
    }

    [Theory]
    [InlineData(DeadLetterState.Open, true)]
    [InlineData(DeadLetterState.Replayed, false)]
    [InlineData(DeadLetterState.Resolved, false)]
    [InlineData(DeadLetterState.Discarded, false)]
    public void Only_an_open_entry_is_discarded(DeadLetterState state, bool allowed)
    {
        var letter = Letter(state);

        Assert.Equal(allowed, letter.MayBeDiscarded(_now));

        if (allowed)
            letter.Discard(_now);
        else
            Assert.Throws<InvalidOperationException>(() => letter.Discard(_now));
        Assert.Equal(allowed ? DeadLetterState.Discarded : state, letter.State);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    public void An_entry_is_discarded_when_the_lease_of_its_replay_has_run_out_and_the_lease_ends(int leaseSecondsLeft, bool allowed)
    {
        var letter = Leased(DeadLetterState.Open, Lease, _now.AddSeconds(leaseSecondsLeft));

        Assert.Equal(allowed, letter.MayBeDiscarded(_now));

        if (!allowed)
            return;
        letter.Discard(_now);
        Assert.Equal((null, null, _now), (letter.LeasedBy, letter.LeasedUntil, letter.UpdatedAt));
    }

    [Theory]
    [InlineData(DeadLetterState.Discarded, true, true)]
    [InlineData(DeadLetterState.Discarded, false, false)]
    [InlineData(DeadLetterState.Open, true, false)]
    [InlineData(DeadLetterState.Replayed, true, false)]
    [InlineData(DeadLetterState.Resolved, true, false)]
    public void A_seat_returns_once_for_a_discarded_entry_that_asks_for_it(DeadLetterState state, bool requested, bool returns)
    {
        var letter = Letter(state);
        letter.SeatReturnRequested = requested;

        Assert.Equal(returns, letter.TryRecordSeatReturn(_now));
        Assert.False(letter.TryRecordSeatReturn(_now.AddSeconds(1)));

        Assert.Equal(returns ? _now : null, letter.SeatReturnedAt);
    }

    [Theory]
    [InlineData(DeadLetterState.Open, true)]
    [InlineData(DeadLetterState.Replayed, true)]
    [InlineData(DeadLetterState.Resolved, false)]
    [InlineData(DeadLetterState.Discarded, false)]
    public void A_written_row_resolves_an_entry_that_is_not_closed(DeadLetterState state, bool allowed) =>
        Assert.Equal(allowed, DeadLetterTransition.Resolve.IsAllowedFrom(state));

    [Fact]
    public void A_step_reads_in_sql_as_it_does_in_code()
    {
        Assert.Equal("state IN ('Open', 'Replayed')", DeadLetterTransition.Resolve.Condition);
        Assert.Equal("state = 'Resolved'", DeadLetterTransition.Resolve.Assignment);
    }

    private static DeadLetterRow Letter(DeadLetterState state, int replays = 0)
    {
        var letter = new DeadLetterRow
        {
            Topic = "a-topic",
            ConsumerGroup = "a group",
            Cause = "unknown-coupon",
            Headers = "[]",
            State = state,
        };
        Set(letter, nameof(DeadLetterRow.ReplayCount), replays);
        return letter;
    }

    private static DeadLetterRow Leased(DeadLetterState state, string? by, DateTime? until = null)
    {
        var letter = Letter(state);
        Set(letter, nameof(DeadLetterRow.LeasedBy), by);
        Set(letter, nameof(DeadLetterRow.LeasedUntil), by is null ? null : until ?? _now.AddMinutes(1));
        return letter;
    }

    // As EF Core does: leases and counts are columns that only the database statements of a replay set.
    private static void Set(DeadLetterRow letter, string property, object? value) =>
        typeof(DeadLetterRow).GetProperty(property)!.SetValue(letter, value);
}
