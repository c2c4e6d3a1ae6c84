using Coupon.Api.Http;
using Coupon.Database;
using Coupon.Stock;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>
/// Creates and changes coupons: first MySQL, then Redis. After a crash between the two, the next change or <see cref="CouponReconciliation"/> brings
/// Redis up to date; repeating it changes nothing.
/// </summary>
internal sealed class CouponOperations(MySqlDataSource database, StockTerms terms, CouponChanges changes, IStockFence fence)
{
    /// <summary>Creates a coupon.</summary>
    /// <returns>The coupon, or the faults of the request: exactly one of the two is not null.</returns>
    public async Task<(CouponRow? Coupon, RequestFaults? Faults)> CreateAsync(CreateCouponRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = await connection.NowAsync(cancellationToken);
        var faults = request.FaultsAt(now);
        if (faults.Any)
            return (null, faults);
        var row = await NewCoupon.InsertAsync(connection, request, now, cancellationToken);
        try
        {
            if (!await terms.LoadAsync(CouponTerms.Of(row)))
                fence.DoubtCoupon(row.Id);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // The coupon exists. An error would make the client create another one, so a verification brings it to Redis, as a coupon that was lost.
            fence.DoubtCoupon(row.Id);
        }

        return (row, null);
    }

    /// <summary>Adds seats.</summary>
    public async Task<Restock> RestockAsync(long couponId, RestockRequest request, CancellationToken cancellationToken)
    {
        var restock = await changes.RestockAsync(couponId, request.Quantity!.Value, request.ExpectedTotalQuantity, cancellationToken);
        DoubtUnloaded(restock.Coupon, restock.Following);
        return restock;
    }

    /// <summary>Closes a coupon for good.</summary>
    /// <returns>The coupon; null: it does not exist.</returns>
    public async Task<CouponRow?> CloseAsync(long couponId, CancellationToken cancellationToken)
    {
        var (coupon, following) = await changes.CloseAsync(couponId, cancellationToken);
        DoubtUnloaded(coupon, following);
        return coupon;
    }

    private void DoubtUnloaded(CouponRow? coupon, StockFollowing following)
    {
        if (coupon is not null && following == StockFollowing.NotLoaded && !CouponExpiry.IsDue(coupon))
            fence.DoubtCoupon(coupon.Id);
    }
}
