using System.Globalization;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Benchmarks.Growth;

/// <summary>Gives seats out in Redis alone, many in a call, so that a coupon has many users before the measurement.</summary>
internal static class StockFiller
{
    // Far from the user ids of the load, and still exact as a number of Lua.
    private const long FirstUser = 1L << 50;
    private const int AtOnce = 10_000;

    private static readonly StockScript _fill = StockScript.Embedded(typeof(StockFiller).Assembly, "fill.lua");

    /// <summary>Takes a seat for each of so many users.</summary>
    public static async Task IssueAsync(IDatabase redis, long couponId, int users, CancellationToken cancellationToken)
    {
        var keys = new CouponKeys(couponId);
        for (var user = 0; user < users; user += AtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await redis.ScriptEvaluateAsync(_fill.Text, [keys.State, keys.Users], [FirstUser + user, Math.Min(AtOnce, users - user)]);
        }
    }

    /// <summary>What Redis has allocated.</summary>
    public static async Task<long> UsedBytesAsync(IConnectionMultiplexer redis)
    {
        var memory = await redis.GetServers()[0].InfoAsync("memory");
        return long.Parse(memory.SelectMany(section => section).First(fact => fact.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }
}
