using System.Globalization;
using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Consumers.Monitoring;

/// <summary>
/// Lists coupons for the overview, with what is known of each at this moment: a page of MySQL, one round trip to Redis, and the last reading of the
/// balances.
/// </summary>
internal sealed class CouponListing(
    IDbContextFactory<CouponDbContext> contexts,
    DeadLetters.DeadLetterQueries deadLetters,
    IConnectionMultiplexer redis,
    SaleRates rates,
    BalanceWatch balances
)
{
    /// <summary>Coupons on a page.</summary>
    public const int PageSize = 50;

    // A page without what Redis knows is better than none.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    public async Task<CouponListPart> ReadAsync(CouponSearch search, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var matching = await MatchingAsync(context, search, cancellationToken);
        var rows = await matching
            .Where(coupon => coupon.Id < search.Before)
            .OrderByDescending(coupon => coupon.Id)
            .Take(PageSize)
            .ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        var read = balances.Last();
        var remaining = await RemainingAsync(ids, cancellationToken);
        var open = await deadLetters.CountByCouponAsync(ids, DeadLetterState.Open, cancellationToken);
        return new CouponListPart(
            [.. rows.Select(row => Live(row, remaining.GetValueOrDefault(row.Id), open.GetValueOrDefault(row.Id), read?.Of(row.Id)))],
            await matching.LongCountAsync(cancellationToken),
            read?.At
        );
    }

    private CouponLive Live(CouponRow row, long? remaining, long openDeadLetters, Coupon.Stock.Balance.CouponBalance? balance)
    {
        var rate = rates.Of(row.Id);
        return new CouponLive(
            row.Id,
            row.Title,
            row.TotalQuantity,
            remaining,
            rate?.Accepted,
            rate?.Persisted,
            balance?.InKafka,
            row.IssuedQuantity,
            openDeadLetters,
            balance?.Drift
        );
    }

    private static async Task<IQueryable<CouponRow>> MatchingAsync(CouponDbContext context, CouponSearch search, CancellationToken cancellationToken)
    {
        var coupons = context.Coupons.AsNoTracking();
        if (!search.All)
        {
            var now = await DeadLetters.LedgerTransaction.NowAsync(context, cancellationToken);
            coupons = coupons.Where(coupon => coupon.ClosedAt == null && (coupon.ClosesAt == null || coupon.ClosesAt > now));
        }
        if (search.Text is not { Length: > 0 } text)
            return coupons;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? coupons.Where(coupon => coupon.Id == id || coupon.Title.Contains(text))
            : coupons.Where(coupon => coupon.Title.Contains(text));
    }

    private async Task<Dictionary<long, long?>> RemainingAsync(IReadOnlyList<long> coupons, CancellationToken cancellationToken)
    {
        try
        {
            var stock = redis.GetDatabase();
            var read = Task.WhenAll(coupons.Select(coupon => stock.HashGetAsync(new CouponKeys(coupon).State, StateFields.Remaining)));
            return coupons.Zip(await read.WaitAsync(_patience, cancellationToken)).ToDictionary(pair => pair.First, pair => (long?)pair.Second);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (RedisFailure.Is(exception) || exception is TimeoutException))
        {
            return [];
        }
    }
}

/// <summary>Coupons of the overview, newest first.</summary>
/// <param name="Coupons">The page.</param>
/// <param name="Count">How many there are, on the page or not.</param>
/// <param name="BalancesReadAt">When the balances were read; null: they are not known at the moment.</param>
internal sealed record CouponListPart(IReadOnlyList<CouponLive> Coupons, long Count, DateTimeOffset? BalancesReadAt);
