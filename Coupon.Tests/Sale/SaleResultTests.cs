using Coupon.Sale;
using Coupon.Sale.Books;
using Coupon.Sale.Load;

namespace Coupon.Tests.Sale;

/// <summary>Books that balance are not enough: they also do where everybody was sent away.</summary>
public sealed class SaleResultTests
{
    [Fact]
    public void A_sale_in_which_everybody_was_served_by_the_rules_is_good() =>
        Assert.Empty(ResultOf(new HttpAnswer(202, 1, null), new HttpAnswer(409, 0, "sold-out"), new HttpAnswer(409, 1, "already-issued")).Findings);

    [Fact]
    public void A_refusal_that_no_rule_explains_is_found() =>
        Assert.Contains("1 requests were refused for another reason than the rules of a sale: stock-unavailable",
            ResultOf(new HttpAnswer(202, 1, null), new HttpAnswer(503, 0, "stock-unavailable")).Findings);

    [Fact]
    public void A_sale_that_left_seats_and_users_is_found() =>
        Assert.Contains("left out: 0 were accepted, of 2 users for 1 coupons", ResultOf(new HttpAnswer(409, 0, "sold-out")).Findings);

    private static SaleResult ResultOf(params HttpAnswer[] answers)
    {
        var tally = new Tally(answers.Length);
        foreach (var answer in answers) tally.Add(userId: 11, answer, latencyTicks: 1, now: 1);
        var persisted = tally.Accepted;
        var rows = tally.UserByOrdinal.ToDictionary();
        var balance = new Balance(Total: 1, Remaining: 1 - persisted, Outbox: 0, InKafka: 0, persisted, OpenDeadLetters: 0, Voided: 0);
        var options = new SaleOptions(Users: 2, RequestsPerUser: 3, Stock: 1, Instances: 1, Clients: 1, Stay: false);
        return new SaleResult(options, tally, TimeSpan.FromSeconds(1), null, 0, Audit.Of(rows, tally, balance, options.Stock));
    }
}
