using Coupon.Database;
using Coupon.Stock;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Stock;

/// <summary>Most coupons of a shop wait for their sale: they hold up no verification and no reading of the balances.</summary>
public sealed class UnsoldCouponsTests(TestServers servers)
{
    private const int Unsold = 500;

    private static readonly DateTime _closedAt = TimeProvider.System.GetUtcNow().UtcDateTime;

    [Fact]
    public async Task A_verification_puts_them_on_sale_with_a_few_statements_and_each_with_its_terms()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.PersistAsync(1, 2, 3);
        var unsold = await AddAsync(books);
        await books.FlushAsync();

        using var statements = StatementCount.Of(books.Settings.MySql);
        var report = await books.Verifier.RebuildAsync(null, "test", TestContext.Current.CancellationToken);

        Assert.Equal(unsold.Select(coupon => coupon.Id).Prepend(books.CouponId), report!.Coupons.Select(coupon => coupon.CouponId));
        Assert.InRange(statements.Value, 10, Unsold / 5);
        Assert.Equal((97, 3), (await books.StateAsync(StateFields.Remaining), await books.StateAsync(StateFields.Issued)));
        foreach (var coupon in unsold)
        {
            var state = await books.Redis.HashGetAsync(
                new CouponKeys(coupon.Id).State,
                [StateFields.Remaining, StateFields.Issued, StateFields.Closed, StateFields.Verified]
            );
            Assert.Equal([coupon.TotalQuantity, 0, coupon.ClosedAt is null ? 0 : 1, report.Id], state.Select(field => (long)field));
        }
    }

    [Theory]
    [InlineData("row")]
    [InlineData("message")]
    [InlineData("open dead letter")]
    [InlineData("returned seat")]
    [InlineData("outbox")]
    public async Task A_single_seat_anywhere_makes_it_one_that_was_sold_from(string seat)
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        switch (seat)
        {
            case "row":
                await books.PersistAsync(1);
                break;
            case "message":
                await books.ProduceAsync(1);
                break;
            case "open dead letter":
                await books.AddToLedgerAsync(DeadLetterState.Open, seatReturned: false, 1);
                break;
            case "outbox":
                await books.SellInRedisAsync(1);
                break;
            default:
                await books.AddToLedgerAsync(DeadLetterState.Discarded, seatReturned: true, 1);
                break;
        }

        if (seat != "outbox")
            await books.FlushAsync();
        await books.Verifier.RebuildAsync(null, "test", TestContext.Current.CancellationToken);

        var remaining = seat == "returned seat" ? 100 : 99;
        Assert.Equal((1, remaining), (await books.StateAsync(StateFields.Issued), await books.StateAsync(StateFields.Remaining)));
    }

    [Fact]
    public async Task Their_balances_are_read_with_a_few_statements()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        var unsold = await AddAsync(books);
        await books.Verifier.RebuildAsync(null, "test", TestContext.Current.CancellationToken);

        using var statements = StatementCount.Of(books.Settings.MySql);
        var balances = await books.ReadBalancesAsync([.. unsold.Select(coupon => coupon.Id), books.CouponId]);

        Assert.Equal(Unsold + 1, balances.Count);
        Assert.All(balances, balance => Assert.Equal((0, 0), (balance.Drift, balance.Issued)));
        Assert.InRange(statements.Value, 5, Unsold / 5);
    }

    private static async Task<List<CouponRow>> AddAsync(Books books)
    {
        var unsold = Enumerable
            .Range(1, Unsold)
            .Select(i => new CouponRow
            {
                Id = NewCouponId.Next(),
                Title = $"Unsold {i}",
                TotalQuantity = i,
                ClosedAt = i % 100 == 0 ? _closedAt : null,
            })
            .ToList();
        await using var context = books.Context();
        context.Coupons.AddRange(unsold);
        await context.SaveChangesAsync();
        return unsold;
    }
}
