namespace Coupon.Database;

/// <summary>
/// An issuance that an instance answers for and could not hand back to the Redis that is verified, because it does not reach it. It stays until a
/// verification
/// has put it into Redis.
/// </summary>
public sealed class HandedBackSeatRow
{
    /// <summary>The coupon.</summary>
    public long CouponId { get; init; }

    /// <summary>The place in the queue.</summary>
    public long Ordinal { get; init; }

    /// <summary>Who holds it.</summary>
    public long UserId { get; init; }

    /// <summary>When it was decided, Unix time in milliseconds.</summary>
    public long IssuedAtMs { get; init; }

    /// <summary>64 bits of the hash of the user's Idempotency-Key; null: none.</summary>
    public long? IdempotencyKeyHash { get; init; }
}
