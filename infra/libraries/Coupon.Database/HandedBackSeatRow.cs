namespace Coupon.Database;

/// <summary>
/// An unconfirmed issuance of an instance that does not reach the Redis that is verified, handed back through MySQL. It stays until a verification
/// has put it into Redis.
/// </summary>
public sealed class HandedBackSeatRow
{
    /// <summary>The coupon.</summary>
    public long CouponId { get; init; }

    /// <summary>The ordinal.</summary>
    public long Ordinal { get; init; }

    /// <summary>The user who holds it.</summary>
    public long UserId { get; init; }

    /// <summary>When it was decided, Unix time in milliseconds.</summary>
    public long IssuedAtMs { get; init; }

    /// <summary>64 bits of the hash of the user's Idempotency-Key; null: none.</summary>
    public long? IdempotencyKeyHash { get; init; }
}
