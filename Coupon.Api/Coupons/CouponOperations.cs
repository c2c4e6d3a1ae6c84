using Coupon.Api.Http;
using Coupon.Database;
using Coupon.Stock;
using Dapper;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>The outcome of a restock.</summary>
internal enum RestockOutcome
{
    /// <summary>The seats were added.</summary>
    Restocked,

    /// <summary>The coupon does not exist.</summary>
    UnknownCoupon,

    /// <summary>The coupon was closed by hand; nothing was added.</summary>
    Closed,

    /// <summary>The total is not the expected one; nothing was added.</summary>
    TotalChanged,

    /// <summary>The total would exceed <see cref="CreateCouponRequest.MaxTotalQuantity"/>; nothing was added.</summary>
    AboveMaximum,
}

/// <summary>The outcome of a restock, and the coupon as it is now; null where it does not exist.</summary>
internal readonly record struct Restock(RestockOutcome Outcome, CouponRow? Coupon);

/// <summary>
/// Changes coupons: first MySQL, then Redis. After a crash between the two, the next change or <see cref="CouponReconciliation"/> brings Redis up to
/// date; repeating it changes nothing.
/// </summary>
internal sealed class CouponOperations(MySqlDataSource database, StockTerms terms, IStockFence fence)
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
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var isRestocked =
            await connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    UPDATE coupons SET total_quantity = total_quantity + @quantity
                    WHERE id = @couponId AND closed_at IS NULL AND (@expected IS NULL OR total_quantity = @expected)
                      AND total_quantity + @quantity <= @most
                    """,
                    new
                    {
                        couponId,
                        quantity = request.Quantity!.Value,
                        expected = request.ExpectedTotalQuantity,
                        most = CreateCouponRequest.MaxTotalQuantity,
                    },
                    cancellationToken: cancellationToken
                )
            ) > 0;
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
        if (coupon is null)
            return new Restock(RestockOutcome.UnknownCoupon, null);

        // Also where nothing was added: an earlier try of this request may have died before it reached Redis.
        try
        {
            await FollowAsync(coupon);
        }
        catch (Exception exception) when (isRestocked && RedisFailure.Is(exception))
        {
            // The seats are added. An error would make the client add them again, so the reconciliation or a verification brings Redis up to date.
        }

        return new Restock(isRestocked ? RestockOutcome.Restocked : WhyNot(coupon, request), coupon);
    }

    /// <summary>Closes a coupon for good.</summary>
    /// <returns>The coupon; null: it does not exist.</returns>
    public async Task<CouponRow?> CloseAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE coupons SET closed_at = UTC_TIMESTAMP(3) WHERE id = @couponId AND closed_at IS NULL",
                new { couponId },
                cancellationToken: cancellationToken
            )
        );
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
        if (coupon is not null)
            await FollowAsync(coupon);
        return coupon;
    }

    private static RestockOutcome WhyNot(CouponRow coupon, RestockRequest request)
    {
        if (coupon.ClosedAt is not null)
            return RestockOutcome.Closed;
        return request.ExpectedTotalQuantity is { } expected && expected != coupon.TotalQuantity
            ? RestockOutcome.TotalChanged
            : RestockOutcome.AboveMaximum;
    }

    private async Task FollowAsync(CouponRow coupon)
    {
        if (await terms.ApplyAsync(CouponTerms.Of(coupon)) is null && !CouponExpiry.IsDue(coupon))
            fence.DoubtCoupon(coupon.Id);
    }
}
