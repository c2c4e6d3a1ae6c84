using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Benchmarks.Baselines;

/// <summary>The service's own <c>issue.lua</c>, called without an outbox entry: the baselines decide as the service does.</summary>
internal static class IssueScript
{
    private const int Issued = 6;

    public static StockScript Script { get; } = StockScript.Embedded(typeof(IssueScript).Assembly, "issue.lua");

    /// <exception cref="InvalidOperationException">There was no seat: the load sends baselines only users that get a seat.</exception>
    public static async Task<(long Ordinal, DateTimeOffset IssuedAt)> TakeSeatAsync(IDatabase redis, long couponId, long userId)
    {
        // No outbox, so no grace; of any epoch; one Redis has everything; one press without a key.
        RedisValue[] arguments = [0, 0, 0, "", userId, ""];
        var answer = (RedisResult[])(await redis.ScriptEvaluateAsync(Script.Hash, new CouponKeys(couponId).All, arguments))!;
        if ((int)answer[0] != Issued)
            throw new InvalidOperationException($"No seat for user {userId} of coupon {couponId}: {(int)answer[0]}.");
        return ((long)answer[1], DateTimeOffset.FromUnixTimeMilliseconds((long)answer[2]));
    }
}
