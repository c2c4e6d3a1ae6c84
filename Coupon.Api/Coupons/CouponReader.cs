using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>Reads coupons: the terms from MySQL, what is left from Redis. Without Redis, what MySQL knows.</summary>
internal sealed class CouponReader(IDbContextFactory<CouponDbContext> databases, IConnectionMultiplexer redis, TimeProvider time)
{
    public async Task<CouponResponse?> FindAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var row = await database.Coupons.AsNoTracking().SingleOrDefaultAsync(coupon => coupon.Id == couponId, cancellationToken);
        return row is null ? null : await DescribeAsync(row);
    }

    public async Task<IReadOnlyList<CouponResponse>> ListAsync(long before, int limit, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Coupons.AsNoTracking()
            .Where(coupon => coupon.Id < before).OrderByDescending(coupon => coupon.Id).Take(limit).ToListAsync(cancellationToken);
        return await Task.WhenAll(rows.Select(DescribeAsync));
    }

    public async Task<IReadOnlyList<UserCoupon>> ListOfUserAsync(long userId, long before, int limit, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.IssuedCoupons.AsNoTracking()
            .Where(issued => issued.UserId == userId && issued.CouponId < before).OrderByDescending(issued => issued.CouponId).Take(limit)
            .Join(database.Coupons, issued => issued.CouponId, coupon => coupon.Id, (issued, coupon) => new { issued, coupon.Title })
            .OrderByDescending(row => row.issued.CouponId)
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new UserCoupon(
            Issuing.IssuanceId.Of(row.issued.CouponId, row.issued.Ordinal), row.issued.CouponId, row.Title, row.issued.Ordinal, row.issued.IssuedAt, row.issued.PersistedAt));
    }

    /// <summary>A row with what Redis knows of it.</summary>
    public async Task<CouponResponse> DescribeAsync(CouponRow row)
    {
        var (remaining, issued) = await StockAsync(row.Id);
        return new CouponResponse(
            row.Id, row.Title, row.TotalQuantity, remaining, issued, row.IssuedQuantity, row.OpensAt, row.ClosesAt, row.ClosedAt, row.CreatedAt, StateOf(row, remaining));
    }

    private async Task<(long? Remaining, long? Issued)> StockAsync(long couponId)
    {
        try
        {
            var state = await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, [StateFields.Remaining, StateFields.Issued]);
            return ((long?)state[0], (long?)state[1]);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            return (null, null);
        }
    }

    private CouponState StateOf(CouponRow row, long? remaining)
    {
        // For display: who gets one, Redis decides by its own clock.
        var now = time.GetUtcNow().UtcDateTime;
        if (row.ClosedAt is not null || row.ClosesAt <= now) return CouponState.Closed;
        if (row.OpensAt > now) return CouponState.Scheduled;
        return remaining <= 0 ? CouponState.SoldOut : CouponState.Open;
    }
}
