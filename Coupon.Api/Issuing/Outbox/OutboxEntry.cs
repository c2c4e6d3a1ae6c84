using System.Globalization;
using Coupon.Contracts;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Outbox;

/// <summary>One entry of an outbox, as it lies in Redis.</summary>
/// <param name="Outbox">The key of the sorted set.</param>
/// <param name="Member"><c>ordinal:userId:issuedAtMs[:idempotencyKeyHash]</c>.</param>
internal readonly record struct OutboxEntry(RedisKey Outbox, RedisValue Member)
{
    public CouponIssued ToMessage(long couponId)
    {
        var parts = ((string)Member!).Split(':');
        return new CouponIssued(couponId, Number(parts[0]), Number(parts[1]), DateTimeOffset.FromUnixTimeMilliseconds(Number(parts[2])))
        {
            IdempotencyKeyHash = parts.Length > 3 ? Number(parts[3]) : null,
        };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
