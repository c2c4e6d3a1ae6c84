using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>Writes entries into the outbox of a coupon that may have lost them. When they are due, the clock of Redis says.</summary>
public static class OutboxHandBack
{
    private const int EntriesAtOnce = 1_000;

    private static readonly StockScript _script = StockScript.Embedded(typeof(OutboxHandBack).Assembly, "hand-back.lua");

    /// <summary>Adds those that are not there.</summary>
    /// <param name="database">Where.</param>
    /// <param name="keys">The coupon.</param>
    /// <param name="members">As <c>issue.lua</c> writes them.</param>
    /// <param name="grace">After which time a relay may send them.</param>
    public static async Task AddAsync(IDatabase database, CouponKeys keys, IEnumerable<RedisValue> members, TimeSpan grace)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(keys);

        // The relays look where something is loaded, and a verification does not load what is long over: it may have ended while Kafka was away.
        var shard = await ShardMap.Of(database.Multiplexer).OfAsync(keys.CouponId);
        await database.SetAddAsync(shard.Keys.LoadedCoupons, keys.CouponId);
        foreach (var some in members.Chunk(EntriesAtOnce))
            await database.ScriptEvaluateAsync(_script.Text, [keys.Outbox], [(long)grace.TotalMilliseconds, .. some]);
    }
}
