using Coupon.Stock.Shards;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>
/// Which coupons are looked at without being asked for. What is over for longer than a day cannot be sold, whatever Redis has forgotten, unless Redis
/// still has it and thinks that it is open: so all that is loaded counts too.
/// </summary>
public static class CouponScope
{
    /// <summary>Those of one shard.</summary>
    internal static async Task<List<long>> ReadAsync(
        IConnectionMultiplexer redis,
        Shard shard,
        MySqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var loaded = await redis.GetDatabase().SetMembersAsync(shard.Keys.LoadedCoupons);
        return (await ReadAsync(loaded, database, cancellationToken)).FindAll(shard.Covers);
    }

    /// <summary>Those of all shards that answer, and those of the others that MySQL knows as not long over.</summary>
    internal static async Task<List<long>> ReadAsync(IConnectionMultiplexer redis, MySqlDataSource database, CancellationToken cancellationToken) =>
        await ReadAsync(await LoadedAsync(redis), database, cancellationToken);

    /// <summary>What the shards that answer have.</summary>
    public static async Task<RedisValue[]> LoadedAsync(IConnectionMultiplexer redis)
    {
        var shards = await ShardMap.Of(redis).RecentAsync();
        return
        [
            .. (await Task.WhenAll(shards.Select(shard => redis.GetDatabase().SetMembersAsync(shard.Keys.LoadedCoupons)))).SelectMany(ids => ids),
        ];
    }

    private static async Task<List<long>> ReadAsync(IEnumerable<RedisValue> loadedIds, MySqlDataSource database, CancellationToken cancellationToken)
    {
        // A list must not be empty; no coupon has the id 0.
        var loaded = loadedIds.Select(id => (long)id).Append(0);
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            return (
                await connection.QueryAsync<long>(
                    new CommandDefinition(
                        """
                        SELECT id FROM coupons
                        WHERE COALESCE(closed_at, closes_at) IS NULL OR COALESCE(closed_at, closes_at) > UTC_TIMESTAMP(3) - INTERVAL 1 DAY
                          OR id IN @loaded ORDER BY id
                        """,
                        new { loaded },
                        cancellationToken: cancellationToken
                    )
                )
            ).AsList();
        }
    }
}
