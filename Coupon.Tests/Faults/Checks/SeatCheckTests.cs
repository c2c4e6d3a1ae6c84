using Coupon.Faults.Checks;
using Coupon.Faults.Histories;

namespace Coupon.Tests.Faults.Checks;

[NeedsNothing]
public sealed class SeatCheckTests
{
    private readonly SeenRun _run = new();

    [Fact]
    public void Where_everybody_who_was_told_a_seat_has_its_row_nothing_is_broken()
    {
        _run.Told(1, user: 7, ordinal: 1).Told(2, user: 7, ordinal: 1, "api-2", AnswerKind.AlreadyIssued).Row(1, user: 7).Row(2, user: 8);

        Assert.Empty(_run.Violations);
    }

    [Fact]
    public void An_accepted_seat_without_a_row_is_lost()
    {
        _run.Told(1, user: 7, ordinal: 1);

        Assert.Equal([Promise.Lost], _run.Broken);
        Assert.Equal([7], _run.Violations[0].Users);
    }

    [Fact]
    public void An_accepted_seat_that_is_an_open_dead_letter_is_not_lost()
    {
        _run.Told(1, user: 7, ordinal: 1).Letter(5, "unknown-coupon", ordinal: 1, user: 7);

        // What the service itself has sent may not become one, whatever else is true of it.
        Assert.Equal([Promise.DeadLetters], _run.Broken);
    }

    [Fact]
    public void A_seat_that_is_somebody_elses_in_the_end_is_lost()
    {
        _run.Told(1, user: 7, ordinal: 1).Row(1, user: 8);

        Assert.Equal([Promise.Lost], _run.Broken);
    }

    [Fact]
    public void A_seat_that_was_only_told_to_have_been_issued_must_stay_true_too()
    {
        _run.Told(1, user: 7, ordinal: 1, kind: AnswerKind.AlreadyIssued);

        Assert.Equal([Promise.ToldTwice], _run.Broken);
    }

    [Fact]
    public void Two_users_of_an_ordinal_are_told_twice()
    {
        _run.Told(1, user: 7, ordinal: 1).Told(2, user: 8, ordinal: 1, "api-2").Row(1, user: 7);

        Assert.Equal([Promise.ToldTwice, Promise.Lost], _run.Broken);
        Assert.Equal([7, 8], _run.Violations[0].Users);
    }

    [Fact]
    public void Two_ordinals_of_a_user_are_told_twice_and_two_rows_break_one_per_user()
    {
        _run.Told(1, user: 7, ordinal: 1).Told(2, user: 7, ordinal: 2).Row(1, user: 7).Row(2, user: 7);

        Assert.Equal([Promise.ToldTwice, Promise.OnePerUser], _run.Broken);
    }

    [Fact]
    public void More_rows_than_seats_are_oversold()
    {
        _run.Total = 1;
        _run.Row(1, user: 7).Row(2, user: 8);

        Assert.Contains(Promise.Oversold, _run.Broken);
    }

    [Fact]
    public void More_ordinals_told_than_seats_are_oversold()
    {
        _run.Total = 1;
        _run.Told(1, user: 7, ordinal: 1).Told(1, user: 8, ordinal: 2).Row(1, user: 7).Letter(1, "over-issued", ordinal: 2, user: 8);

        Assert.Contains(Promise.Oversold, _run.Broken);
    }
}
