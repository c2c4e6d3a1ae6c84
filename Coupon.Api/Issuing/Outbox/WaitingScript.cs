using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Outbox;

/// <summary>Calls <c>waiting.lua</c>, which only a verified Redis knows.</summary>
internal static class WaitingScript
{
    /// <summary>The script. Only the fence may load it into Redis.</summary>
    public static readonly StockScript Source = StockScript.Embedded(typeof(WaitingScript).Assembly, "waiting.lua");

    /// <summary>Asks for entries of one coupon.</summary>
    /// <returns>
    /// Whether each still waits in the outbox; null: the coupon is not loaded, or from before the caller's epoch, so nothing can be said.
    /// </returns>
    /// <exception cref="RedisServerException">NOSCRIPT: Redis is not verified.</exception>
    public static async Task<bool[]?> AskAsync(IDatabase redis, CouponKeys keys, OutboxEntry[] entries, long epoch)
    {
        var reply = await redis.ScriptEvaluateAsync(Source.Hash, [keys.State, keys.Outbox], [epoch, .. entries.Select(entry => entry.Member)]);
        return reply.IsNull ? null : (bool[]?)reply;
    }
}
