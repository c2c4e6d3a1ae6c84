using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock;

/// <summary>
/// Changes the terms of a coupon: first MySQL, then Redis. After a crash between the two, the next change or the reconciliation of the API brings
/// Redis up to date; repeating it changes nothing.
/// </summary>
public sealed class CouponChanges(MySqlDataSource database, StockTerms terms)
{
    /// <summary>Adds seats.</summary>
    /// <param name="couponId">The coupon.</param>
    /// <param name="quantity">How many are added, at least 1.</param>
    /// <param name="expectedTotal">The total that the caller last saw: where it is another one, nothing is added. Null: add in any case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Restock> RestockAsync(long couponId, long quantity, long? expectedTotal, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantity);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var isRestocked =
            await connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    UPDATE coupons SET total_quantity = total_quantity + @quantity
                    WHERE id = @couponId AND closed_at IS NULL AND (@expectedTotal IS NULL OR total_quantity = @expectedTotal)
                      AND total_quantity + @quantity <= @most
                    """,
                    new
                    {
                        couponId,
                        quantity,
                        expectedTotal,
                        most = CouponRow.MaxTotalQuantity,
                    },
                    cancellationToken: cancellationToken
                )
            ) > 0;
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
        if (coupon is null)
            return new Restock(RestockOutcome.UnknownCoupon, null, StockFollowing.NotLoaded);

        // Also where nothing was added: an earlier try of this request may have died before it reached Redis.
        try
        {
            var following = await FollowAsync(coupon);
            return new Restock(isRestocked ? RestockOutcome.Restocked : WhyNot(coupon, expectedTotal), coupon, following);
        }
        catch (Exception exception) when (isRestocked && RedisFailure.Is(exception))
        {
            // The seats are added. An error would make the caller add them again, so the reconciliation or a verification brings Redis up to date.
            return new Restock(RestockOutcome.Restocked, coupon, StockFollowing.Away);
        }
    }

    /// <summary>Closes a coupon for good.</summary>
    /// <exception cref="StackExchange.Redis.RedisException">
    /// It is closed in MySQL, and Redis does not answer: it may be given out until the reconciliation, or a repetition, has reached Redis.
    /// </exception>
    public async Task<Closing> CloseAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE coupons SET closed_at = UTC_TIMESTAMP(3) WHERE id = @couponId AND closed_at IS NULL",
                new { couponId },
                cancellationToken: cancellationToken
            )
        );
        return await connection.FindCouponAsync(couponId, cancellationToken) is { } coupon
            ? new Closing(coupon, await FollowAsync(coupon))
            : new Closing(null, StockFollowing.NotLoaded);
    }

    private static RestockOutcome WhyNot(CouponRow coupon, long? expectedTotal)
    {
        if (coupon.ClosedAt is not null)
            return RestockOutcome.Closed;
        return expectedTotal is { } expected && expected != coupon.TotalQuantity ? RestockOutcome.TotalChanged : RestockOutcome.AboveMaximum;
    }

    private async Task<StockFollowing> FollowAsync(CouponRow coupon) =>
        await terms.ApplyAsync(CouponTerms.Of(coupon)) is null ? StockFollowing.NotLoaded : StockFollowing.Followed;
}

/// <summary>The outcome of a restock.</summary>
public enum RestockOutcome
{
    /// <summary>The seats were added.</summary>
    Restocked,

    /// <summary>The coupon does not exist.</summary>
    UnknownCoupon,

    /// <summary>The coupon was closed by hand; nothing was added.</summary>
    Closed,

    /// <summary>The total is not the expected one; nothing was added.</summary>
    TotalChanged,

    /// <summary>The total would exceed <see cref="CouponRow.MaxTotalQuantity"/>; nothing was added.</summary>
    AboveMaximum,
}

/// <summary>What Redis has of a change in MySQL.</summary>
public enum StockFollowing
{
    /// <summary>It has the change.</summary>
    Followed,

    /// <summary>It does not have the coupon, which has to be verified unless its sale ended long ago.</summary>
    NotLoaded,

    /// <summary>It does not answer; the reconciliation of the API brings it the change.</summary>
    Away,
}

/// <summary>What came of a restock.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Coupon">The coupon as it is now; null: it does not exist.</param>
/// <param name="Following">What Redis has of it.</param>
public readonly record struct Restock(RestockOutcome Outcome, CouponRow? Coupon, StockFollowing Following);

/// <summary>What came of a closing.</summary>
/// <param name="Coupon">The coupon as it is now; null: it does not exist.</param>
/// <param name="Following">What Redis has of it.</param>
public readonly record struct Closing(CouponRow? Coupon, StockFollowing Following);
