using Coupon.Database;
using Coupon.Stock.Shards;
using Dapper;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Brings Redis and MySQL to one mind about which coupons were deleted, by the tombstones that each of them keeps: one that either has forgotten is
/// written there again, and the coupon is removed. That a coupon is missing says nothing.
/// </summary>
internal sealed class DeletedCoupons(IConnectionMultiplexer redis, Shard shard, MySqlDataSource database, ILogger logger)
{
    private const int AtOnce = 1_000;

    /// <summary>Removes deleted coupons that are there again. They are not verified, so they must be gone before anything is sold.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var knownToRedis = (await redis.GetDatabase().SetMembersAsync(shard.Keys.Deleted)).Select(id => (long)id).ToHashSet();
            foreach (var ids in knownToRedis.Chunk(AtOnce))
                await DeleteAgainAsync(connection, ids, cancellationToken);

            var deleted = (
                await connection.QueryAsync<long>(new CommandDefinition("SELECT id FROM deleted_coupons", cancellationToken: cancellationToken))
            ).ToHashSet();
            foreach (var ids in deleted.Except(knownToRedis).Where(shard.Covers).Chunk(AtOnce))
                await redis.GetDatabase().SetAddAsync(shard.Keys.Deleted, [.. ids.Select(id => (RedisValue)id)]);

            foreach (var id in await redis.GetDatabase().SetMembersAsync(shard.Keys.LoadedCoupons))
            {
                if (!deleted.Contains((long)id))
                    continue;
                await new StockTerms(redis).ForgetAsync((long)id);
                Log.DeletedCouponRemoved(logger, (long)id);
            }
        }
    }

    private async Task DeleteAgainAsync(MySqlConnection connection, long[] ids, CancellationToken cancellationToken)
    {
        var known = await connection.DeletedCouponsAsync(ids, cancellationToken);
        foreach (var couponId in ids.Where(id => !known.Contains(id)))
        {
            await connection.DeleteCouponAsync(couponId, cancellationToken);
            Log.DeletionRepeated(logger, couponId);
        }
    }
}
