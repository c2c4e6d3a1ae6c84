using Coupon.Database;
using Coupon.Stock.Shards;
using Dapper;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Coupons that Redis has and MySQL has lost, and restocks and closings that it has lost: all of them reach MySQL before Redis, so a Redis that
/// knows more shows that MySQL went back in time. Their rows are written again from what Redis has.
/// </summary>
internal sealed class LostCoupons(IConnectionMultiplexer redis, Shard shard, MySqlDataSource database, ILogger logger)
{
    private const int AtOnce = 200;

    private static readonly RedisValue[] _fields =
    [
        StateFields.Total,
        StateFields.Opens,
        StateFields.Closes,
        StateFields.Closed,
        StateFields.Title,
        StateFields.Created,
    ];

    // It is there already: another process was faster.
    private const string Insert = """
        INSERT INTO coupons (id, title, total_quantity, issued_quantity, opens_at, closes_at, closed_at, created_at)
        VALUES (@Id, @Title, @Total, (SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = @Id),
          @OpensAt, @ClosesAt, IF(@IsClosed, UTC_TIMESTAMP(3), NULL),
          COALESCE(@CreatedAt, UTC_TIMESTAMP(3)))
        ON DUPLICATE KEY UPDATE id = id
        """;

    private const string Follow = """
        UPDATE coupons
        SET total_quantity = GREATEST(total_quantity, @Total), closed_at = COALESCE(closed_at, IF(@IsClosed, UTC_TIMESTAMP(3), NULL))
        WHERE id = @Id
        """;

    /// <summary>Writes again what is missing of some coupons.</summary>
    /// <param name="coupons">Which; null: all that Redis has. Read before MySQL is asked, where a row is there first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many rows were written or brought along.</returns>
    public async Task<int> RestoreAsync(IReadOnlyCollection<long>? coupons, CancellationToken cancellationToken)
    {
        var ids = coupons ?? [.. (await redis.GetDatabase().SetMembersAsync(shard.Keys.LoadedCoupons)).Select(id => (long)id).Where(shard.Covers)];
        var restored = 0;
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            foreach (var some in ids.Chunk(AtOnce))
            {
                var known = await Task.WhenAll(some.Select(KnownAsync));
                var rows = (await connection.FindCouponsAsync(some, cancellationToken)).ToDictionary(row => row.Id);
                var deleted = await connection.DeletedCouponsAsync(some, cancellationToken);
                foreach (var coupon in known.OfType<Known>().Where(coupon => !deleted.Contains(coupon.Id)))
                    restored += await RestoreAsync(connection, coupon, rows.GetValueOrDefault(coupon.Id), cancellationToken) ? 1 : 0;
            }
        }

        return restored;
    }

    private async Task<bool> RestoreAsync(MySqlConnection connection, Known coupon, CouponRow? row, CancellationToken cancellationToken)
    {
        if (row is not null && coupon.Total <= row.TotalQuantity && (!coupon.IsClosed || row.ClosedAt is not null))
            return false;
        await connection.ExecuteAsync(new CommandDefinition(row is null ? Insert : Follow, coupon, cancellationToken: cancellationToken));
        if (row is null)
            Log.CouponRestored(logger, coupon.Id, coupon.Title, coupon.Total);
        else
            Log.CouponTermsRestored(logger, coupon.Id, coupon.Total, coupon.IsClosed);
        return true;
    }

    // While it is verified, or where a verification was interrupted, its terms stand beside.
    private async Task<Known?> KnownAsync(long couponId)
    {
        var keys = new CouponKeys(couponId);
        var fields = await redis.GetDatabase().HashGetAsync(keys.State, _fields);
        if (fields[0].IsNull)
            fields = await redis.GetDatabase().HashGetAsync(keys.Verifying, _fields);
        if (fields[0].IsNull)
            return null;
        var title = fields[4].IsNullOrEmpty ? FormattableString.Invariant($"Coupon {couponId}") : (string)fields[4]!;
        return new Known(couponId, title, (long)fields[0], Time(fields[1]), Time(fields[2]), fields[3] == 1, Time(fields[5]));
    }

    private static DateTime? Time(RedisValue milliseconds) =>
        milliseconds.IsNullOrEmpty || (long)milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds).UtcDateTime;

    private sealed record Known(long Id, string Title, long Total, DateTime? OpensAt, DateTime? ClosesAt, bool IsClosed, DateTime? CreatedAt);
}
