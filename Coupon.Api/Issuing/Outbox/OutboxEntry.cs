using System.Diagnostics.CodeAnalysis;
using Coupon.Contracts;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Outbox;

/// <summary>One entry of an outbox, as it lies in Redis.</summary>
/// <param name="Outbox">The key of the sorted set.</param>
/// <param name="Member"><c>ordinal:userId:issuedAtMs[:idempotencyKeyHash]</c>.</param>
internal readonly record struct OutboxEntry(RedisKey Outbox, RedisValue Member)
{
    /// <summary>The message that it stands for.</summary>
    /// <returns>False: it is no entry of ours.</returns>
    public bool TryToMessage(long couponId, [NotNullWhen(true)] out CouponIssued? message)
    {
        message = HeldSeat.TryParseOutbox(couponId, Member, out var seat)
            ? new CouponIssued(couponId, seat.Ordinal, seat.UserId, DateTimeOffset.FromUnixTimeMilliseconds(seat.IssuedAtMs))
            {
                IdempotencyKeyHash = seat.KeyHash,
            }
            : null;
        return message is not null;
    }
}
