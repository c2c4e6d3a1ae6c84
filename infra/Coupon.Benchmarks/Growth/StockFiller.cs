using System.Globalization;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Benchmarks.Growth;

/// <summary>Gives coupons out in Redis alone, many with a call, so that a coupon has had many users before it is measured.</summary>
internal static class StockFiller
{
    // Far from the users that the load counts up from, and still a number that Lua can count from.
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
