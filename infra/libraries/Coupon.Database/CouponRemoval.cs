using System.Data;
using Dapper;
using MySqlConnector;

namespace Coupon.Database;

/// <summary>Deletes coupons and their rows for good, and leaves a tombstone.</summary>
public static class CouponRemoval
{
    // Some hundred thousand rows a second are the most that a server deletes, and the client's default is half a minute.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private const string Everything = """
        DELETE FROM issued_coupons WHERE coupon_id = @couponId;
        DELETE FROM forgotten_ordinals WHERE coupon_id = @couponId;
        DELETE FROM coupons WHERE id = @couponId;
        INSERT INTO deleted_coupons (id, deleted_at) VALUES (@couponId, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE id = id
        """;

    /// <summary>Deletes one, in one transaction with its tombstone. Repeatable.</summary>
    public static async Task DeleteCouponAsync(this MySqlConnection connection, long couponId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);

        // READ COMMITTED: the gap behind the last row reaches to the next coupon's first, where the consumer writes.
        var transaction = await connection.BeginLockingAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await using (transaction)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(Everything, new { couponId }, commandTimeout: (int)_patience.TotalSeconds, cancellationToken: cancellationToken)
            );
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Those of some coupons that were deleted.</summary>
    public static async Task<HashSet<long>> DeletedCouponsAsync(
        this MySqlConnection connection,
        IEnumerable<long> coupons,
        CancellationToken cancellationToken
    )
    {
        // A list must not be empty; no coupon has the id 0.
        var ids = coupons.Append(0);
        return
        [
            .. await connection.QueryAsync<long>(
                new CommandDefinition("SELECT id FROM deleted_coupons WHERE id IN @ids", new { ids }, cancellationToken: cancellationToken)
            ),
        ];
    }
}
