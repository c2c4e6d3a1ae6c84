using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.Redis;

/// <summary>Asks Redis whether it is still the one that was verified.</summary>
internal static class RedisLook
{
    /// <summary>Looks at Redis alone, not at what is known of MySQL.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="shard">Of which shard.</param>
    /// <param name="scripts">The scripts that a verified Redis has in its cache.</param>
    /// <param name="required">The last verification of everything that MySQL is known to have.</param>
    /// <param name="mostLag">Up to which lag a replica counts as in step.</param>
    /// <returns>
    /// Why it must not be sold from (null: it is as it was verified), its last verification of everything (0: none), and how many replicas are in
    /// step.
    /// </returns>
    public static async Task<(RedisDoubt? Doubt, long Epoch, int Replicas)> ReadAsync(
        IConnectionMultiplexer redis,
        Shard shard,
        IReadOnlyList<StockScript> scripts,
        long required,
        TimeSpan mostLag
    )
    {
        var missing = await MissingScriptAsync(redis, shard, scripts);
        var (identity, replicas) = await RedisIdentity.ReadAsync(redis, shard, mostLag);
        var marker = await VerifiedMarker.ReadAsync(redis.GetDatabase(), shard);
        return (Judge(missing, marker, identity, required), marker?.Epoch ?? 0, replicas);
    }

    private static RedisDoubt? Judge(StockScript? missing, VerifiedMarker? marker, RedisIdentity identity, long required)
    {
        if (missing is not null)
            return new($"Redis does not know {missing.Name}: it was started anew, has failed over, or was never verified");
        if (marker is null)
            return new("Redis has forgotten its last verification: it was flushed");
        if (marker.History != identity.History)
            return new("the replication id of Redis has changed: another server has become the primary");
        return marker.Epoch < required ? new($"verification {required} was made on another Redis", IsAnotherRedis: true) : null;
    }

    private static async Task<StockScript?> MissingScriptAsync(IConnectionMultiplexer redis, Shard shard, IReadOnlyList<StockScript> scripts)
    {
        var primary = await RedisIdentity.PrimaryAsync(redis, shard);
        foreach (var script in scripts)
        {
            if (!await primary.ScriptExistsAsync(script.Hash))
                return script;
        }

        return null;
    }
}
