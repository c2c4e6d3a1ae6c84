namespace Coupon.Database;

/// <summary>One issued coupon. The primary key (coupon, ordinal) is the identity; (user, coupon) is unique.</summary>
public sealed class IssuedCouponRow
{
    /// <summary>The coupon.</summary>
    public long CouponId { get; init; }

    /// <summary>The place in the queue, from 1.</summary>
    public long Ordinal { get; init; }

    /// <summary>The user who holds it.</summary>
    public long UserId { get; init; }

    /// <summary>When Redis decided (UTC, milliseconds).</summary>
    public DateTime IssuedAt { get; init; }

    /// <summary>64 bits of the hash of the Idempotency-Key that the user sent; null: none.</summary>
    public long? IdempotencyKeyHash { get; init; }

    /// <summary>When the row was written, by the clock of the database (UTC, milliseconds).</summary>
    public DateTime PersistedAt { get; init; }
}
