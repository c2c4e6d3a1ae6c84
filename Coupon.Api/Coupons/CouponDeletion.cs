using Coupon.Api.Problems;
using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>
/// Deletes a coupon with everything that was issued of it, unless something is on its way. It is closed first, so that after a crash in the middle
/// it sells nothing; deleting again finishes it.
/// </summary>
internal sealed class CouponDeletion(
    IDbContextFactory<CouponDbContext> databases, IConnectionMultiplexer redis, CouponDesk desk, IStockFence fence, TimeProvider time)
{
    private static readonly StockScript Delete = StockScript.Embedded(typeof(CouponDeletion).Assembly, "delete.lua");

    /// <returns>Null: it is gone.</returns>
    public async Task<Refusal?> DeleteAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var before = await database.Coupons.AsNoTracking().SingleOrDefaultAsync(row => row.Id == couponId, cancellationToken);
        if (before is null) return new Refusal(ProblemKinds.UnknownCoupon);
        if (await InFlightAsync(before) is { } refusal) return refusal;

        var closed = await desk.CloseAsync(couponId, cancellationToken);
        if (closed is null) return new Refusal(ProblemKinds.UnknownCoupon);
        var keys = new CouponKeys(couponId);
        if (!await TakeOffRedisAsync(redis, closed)) return new Refusal(ProblemKinds.InFlight, "A seat was taken while the coupon was being deleted. It is closed now: try again in a moment.");

        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.IssuedCoupons.Where(issued => issued.CouponId == couponId).ExecuteDeleteAsync(cancellationToken);
        await database.Coupons.Where(coupon => coupon.Id == couponId).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        // A verification that read MySQL before the commit may have brought the coupon back, closed.
        await redis.GetDatabase().KeyDeleteAsync(keys.All);
        await redis.GetDatabase().SetRemoveAsync(CouponKeys.LoadedCoupons, couponId);
        await redis.GetDatabase().PublishAsync(CouponKeys.Changed, couponId);
        return null;
    }

    /// <summary>Takes a coupon off Redis, unless something of it is on its way.</summary>
    /// <returns>Whether it is off.</returns>
    internal static async Task<bool> TakeOffRedisAsync(IConnectionMultiplexer redis, CouponRow row)
    {
        var accounted = row.IssuedQuantity + row.VoidedQuantity;
        if ((int?)await redis.GetDatabase().ScriptEvaluateAsync(Delete.Text, new CouponKeys(row.Id).All, [accounted]) == 0) return false;
        await redis.GetDatabase().SetRemoveAsync(CouponKeys.LoadedCoupons, row.Id);
        return true;
    }

    private async Task<Refusal?> InFlightAsync(CouponRow row)
    {
        var keys = new CouponKeys(row.Id);
        var issued = (long?)await redis.GetDatabase().HashGetAsync(keys.State, StateFields.Issued);
        if (issued is null)
        {
            if (CouponExpiry.IsDue(row, time.GetUtcNow()) || row.ClosedAt is not null) return null;
            fence.DoubtCoupon(row.Id);
            return new Refusal(ProblemKinds.StockUnverified);
        }

        var waiting = await redis.GetDatabase().SortedSetLengthAsync(keys.Outbox);
        var missing = issued.Value - row.IssuedQuantity - row.VoidedQuantity;
        return waiting == 0 && missing == 0
            ? null
            : new Refusal(ProblemKinds.InFlight, $"{issued} were issued; {missing} of them are not in the database yet or are dead letters, {waiting} wait in the outbox.");
    }
}
