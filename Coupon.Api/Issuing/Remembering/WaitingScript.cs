using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Remembering;

/// <summary>Calls <c>waiting.lua</c>, by its hash only: just a verified Redis knows the script.</summary>
internal static class WaitingScript
{
    /// <summary>The script. Only the fence may load it into Redis.</summary>
    public static readonly StockScript Source = StockScript.Embedded(typeof(WaitingScript).Assembly, "waiting.lua");

    /// <summary>Asks which entries of one coupon still wait in the outbox.</summary>
    /// <returns>
    /// True for each that waits; null: Redis does not know the coupon, or only from before the caller's epoch or of another shard, so it can say
    /// nothing.
    /// </returns>
    /// <exception cref="RedisServerException">NOSCRIPT: Redis is not verified.</exception>
    public static async Task<bool[]?> AskAsync(IDatabase redis, CouponKeys keys, OutboxEntry[] entries, LeaseTerm term)
    {
        var reply = await redis.ScriptEvaluateAsync(
            Source.Hash,
            [keys.State, keys.Outbox],
            [term.Epoch, term.Shard, .. entries.Select(entry => entry.Member)]
        );
        return reply.IsNull ? null : (bool[]?)reply;
    }
}
