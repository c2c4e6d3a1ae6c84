using Coupon.Sale.Books;
using Coupon.Sale.Load;

namespace Coupon.Tests.Sale;

[NeedsNothing]
public sealed class AuditTests
{
    private const int Stock = 5;

    private static readonly Balance _balanced = new(Total: Stock, Remaining: 2, Outbox: 0, InKafka: 0, Persisted: 3, OpenDeadLetters: 0, Voided: 0);

    [Fact]
    public void Books_that_balance_have_no_findings()
    {
        var audit = Audit.Of(Rows((1, 11), (2, 12), (3, 13)), Told((1, 11), (2, 12), (3, 13)), _balanced, Stock);
        Assert.Empty(audit.Findings);
        Assert.Equal(3, audit.LastOrdinal);
    }

    [Fact]
    public void More_rows_than_coupons_are_an_oversell() =>
        AssertFinds("oversold", Rows((1, 11), (2, 12), (3, 13)), Told((1, 11), (2, 12), (3, 13)), _balanced, stock: 2);

    [Fact]
    public void A_user_with_two_rows_is_found() =>
        AssertFinds("have one already", Rows((1, 11), (2, 12), (3, 12)), Told((1, 11), (2, 12), (3, 12)), _balanced);

    [Fact]
    public void A_lost_acceptance_is_named() =>
        AssertFinds("neither written nor a dead letter: places 3", Rows((1, 11), (2, 12)), Told((1, 11), (2, 12), (3, 13)), _balanced);

    [Fact]
    public void A_gap_between_rows_is_named() =>
        AssertFinds("places without a row or a dead letter: 2", Rows((1, 11), (3, 13)), Told((1, 11), (2, 12), (3, 13)), _balanced);

    [Fact]
    public void An_open_dead_letter_explains_a_missing_row()
    {
        var balance = _balanced with { Persisted = 2, OpenDeadLetters = 1 };
        Assert.Empty(Audit.Of(Rows((1, 11), (3, 13)), Told((1, 11), (2, 12), (3, 13)), balance, Stock).Findings);
    }

    [Fact]
    public void A_row_of_another_user_than_the_one_who_was_told_is_named() =>
        AssertFinds("the row says another user: places 2", Rows((1, 11), (2, 99), (3, 13)), Told((1, 11), (2, 12), (3, 13)), _balanced);

    [Fact]
    public void A_row_that_nobody_was_told_of_is_named() =>
        AssertFinds("nobody was told: places 3", Rows((1, 11), (2, 12), (3, 13)), Told((1, 11), (2, 12)), _balanced);

    [Fact]
    public void A_place_given_to_two_users_is_a_contradiction() =>
        AssertFinds(
            "place 1 was given to user 11 and to user 12",
            Rows((1, 11)),
            Told((1, 11), (1, 12)),
            _balanced with
            {
                Persisted = 1,
                Remaining = 4,
            }
        );

    [Fact]
    public void A_balance_that_does_not_add_up_is_found() =>
        AssertFinds("does not add up", Rows((1, 11), (2, 12), (3, 13)), Told((1, 11), (2, 12), (3, 13)), _balanced with { Remaining = 1 });

    private static void AssertFinds(string finding, Dictionary<long, long> rows, Tally tally, Balance balance, int stock = Stock) =>
        Assert.Contains(Audit.Of(rows, tally, balance, stock).Findings, found => found.Contains(finding, StringComparison.Ordinal));

    private static Dictionary<long, long> Rows(params (long Ordinal, long User)[] rows) => rows.ToDictionary(row => row.Ordinal, row => row.User);

    private static Tally Told(params (long Ordinal, long User)[] answers)
    {
        var tally = new Tally(answers.Length);
        foreach (var (ordinal, user) in answers)
            tally.Add(user, new HttpAnswer(202, ordinal, null), latencyTicks: 1, now: 1);
        return tally;
    }
}
