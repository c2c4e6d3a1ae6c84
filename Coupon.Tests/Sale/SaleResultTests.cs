using Coupon.Sale;
using Coupon.Sale.Books;
using Coupon.Sale.Load;

namespace Coupon.Tests.Sale;

/// <summary>Books that balance are not enough: they also do where everybody was sent away.</summary>
[NeedsNothing]
public sealed class SaleResultTests
{
    [Fact]
    public void A_sale_in_which_everybody_was_served_by_the_rules_is_good() =>
        Assert.Empty(
            ResultOf(
                (11, new HttpAnswer(202, 1, null)),
                (12, new HttpAnswer(409, 0, "sold-out")),
                (11, new HttpAnswer(409, 1, "already-issued"))
            ).Findings
        );

    [Fact]
    public void A_refusal_that_no_rule_explains_is_found() =>
        Assert.Contains(
            "1 requests were refused for another reason than the rules of a sale: stock-unavailable",
            ResultOf((11, new HttpAnswer(202, 1, null)), (11, new HttpAnswer(503, 0, "stock-unavailable"))).Findings
        );

    [Fact]
    public void A_sale_that_left_seats_and_users_is_found() =>
        Assert.Contains("left out: 0 were accepted, of 2 users for 1 coupons", ResultOf((11, new HttpAnswer(409, 0, "sold-out"))).Findings);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void A_seat_that_was_set_aside_instead_of_written_is_found(long openDeadLetters, long voided)
    {
        var tally = Told((11, new HttpAnswer(202, 1, null)));
        var balance = new Balance(Total: 1, Remaining: 0, Outbox: 0, InKafka: 0, Persisted: 0, openDeadLetters, voided);
        Assert.Equal([$"not written: {openDeadLetters} dead letters, {voided} voided"], ResultOf(tally, [], balance).Findings);
    }

    private static SaleResult ResultOf(params (long User, HttpAnswer Answer)[] answers)
    {
        var tally = Told(answers);
        var persisted = tally.Accepted;
        var balance = new Balance(Total: 1, Remaining: 1 - persisted, Outbox: 0, InKafka: 0, persisted, OpenDeadLetters: 0, Voided: 0);
        return ResultOf(tally, tally.UserByOrdinal.ToDictionary(), balance);
    }

    private static Tally Told(params (long User, HttpAnswer Answer)[] answers)
    {
        var tally = new Tally(answers.Length);
        foreach (var (user, answer) in answers)
            tally.Add(user, answer, latencyTicks: 1, now: 1);
        return tally;
    }

    private static SaleResult ResultOf(Tally tally, Dictionary<long, long> rows, Balance balance)
    {
        var options = new SaleOptions(Users: 2, RequestsPerUser: 3, Stock: 1, Instances: 1, Clients: 1, Stay: false);
        return new SaleResult(options, tally, TimeSpan.FromSeconds(1), null, 0, Audit.Of(rows, tally, balance, options.Stock));
    }
}
