using Dapper;
using MySqlConnector;

namespace Coupon.Database;

/// <summary>The reads that more than one place needs.</summary>
public static class CouponReads
{
    /// <summary>The columns of a <see cref="CouponRow"/>.</summary>
    public const string CouponColumns =
        "id, title, total_quantity, issued_quantity, voided_quantity, returned_quantity, retaken_quantity, "
        + "opens_at, closes_at, closed_at, created_at, "
        + "UTC_TIMESTAMP(3) AS read_at";

    /// <summary>One coupon.</summary>
    /// <returns>Null: there is no such coupon.</returns>
    public static Task<CouponRow?> FindCouponAsync(this MySqlConnection connection, long couponId, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<CouponRow>(
            new CommandDefinition($"SELECT {CouponColumns} FROM coupons WHERE id = @couponId", new { couponId }, cancellationToken: cancellationToken)
        );

    /// <summary>Some coupons; those that do not exist are left out.</summary>
    public static Task<IEnumerable<CouponRow>> FindCouponsAsync(
        this MySqlConnection connection,
        IEnumerable<long> coupons,
        CancellationToken cancellationToken
    ) =>
        connection.QueryAsync<CouponRow>(
            new CommandDefinition($"SELECT {CouponColumns} FROM coupons WHERE id IN @coupons", new { coupons }, cancellationToken: cancellationToken)
        );

    /// <summary>What time it is on the database (UTC).</summary>
    public static Task<DateTime> NowAsync(this MySqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<DateTime>(new CommandDefinition("SELECT UTC_TIMESTAMP(3)", cancellationToken: cancellationToken));

    /// <summary>What a user holds of a coupon.</summary>
    /// <returns>Null: nothing that has been written.</returns>
    public static Task<IssuedCouponRow?> FindIssuedCouponAsync(
        this MySqlConnection connection,
        long couponId,
        long userId,
        CancellationToken cancellationToken
    ) =>
        connection.QuerySingleOrDefaultAsync<IssuedCouponRow>(
            new CommandDefinition(
                """
                SELECT coupon_id, ordinal, user_id, issued_at, idempotency_key_hash, persisted_at
                FROM issued_coupons WHERE user_id = @userId AND coupon_id = @couponId
                """,
                new { couponId, userId },
                cancellationToken: cancellationToken
            )
        );
}
