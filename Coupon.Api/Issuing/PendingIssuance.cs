using System.Globalization;
using Coupon.Contracts;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// An issuance that this process accepted and that Kafka has not acknowledged. It completes once: true where the acknowledgement came in
/// time, false where the answer is given without. Afterwards it may still be acknowledged.
/// </summary>
internal sealed class PendingIssuance(CouponKeys keys, long ordinal, long userId, long issuedAtMs, long? keyHash, long acceptedAt)
    : TaskCompletionSource<bool>
{
    public CouponKeys Keys => keys;

    /// <summary>A timestamp of the time provider.</summary>
    public long AcceptedAt => acceptedAt;

    /// <summary>Kafka has it, or the outbox alone is to care for it: this process is done with it.</summary>
    public bool Settled { get; set; }

    /// <summary>As <c>issue.lua</c> wrote it into the outbox.</summary>
    public RedisValue OutboxMember =>
        keyHash is { } key
            ? string.Create(CultureInfo.InvariantCulture, $"{ordinal}:{userId}:{issuedAtMs}:{key}")
            : string.Create(CultureInfo.InvariantCulture, $"{ordinal}:{userId}:{issuedAtMs}");

    public CouponIssued ToMessage() =>
        new(keys.CouponId, ordinal, userId, DateTimeOffset.FromUnixTimeMilliseconds(issuedAtMs)) { IdempotencyKeyHash = keyHash };
}
