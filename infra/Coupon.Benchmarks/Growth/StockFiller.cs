using System.Globalization;
using Coupon.Benchmarks.Baselines;
using StackExchange.Redis;

namespace Coupon.Benchmarks.Growth;

/// <summary>Gives coupons out in Redis alone, many at a time, so that a coupon has had many users before it is measured.</summary>
internal static class StockFiller
{
    // Far from the users that the load counts up from.
    private const long FirstUser = 1L << 60;
    private const int AtOnce = 5000;

    /// <summary>Takes a seat for each of so many users.</summary>
    public static async Task IssueAsync(IDatabase redis, long couponId, int users)
    {
        foreach (var chunk in Enumerable.Range(0, users).Chunk(AtOnce))
            await Task.WhenAll(chunk.Select(user => IssueScript.TakeSeatAsync(redis, couponId, FirstUser + user)));
    }

    /// <summary>What Redis has allocated.</summary>
    public static async Task<long> UsedBytesAsync(IConnectionMultiplexer redis)
    {
        var memory = await redis.GetServers()[0].InfoAsync("memory");
        return long.Parse(memory.SelectMany(section => section).First(fact => fact.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }
}
