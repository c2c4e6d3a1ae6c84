using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The members of a <see cref="CouponIssued"/>, set one by one as they are read. Through the constructor of the record each of them would be boxed
/// and put
/// into an array first: a tenth of what a message costs the consumer.
/// </summary>
internal sealed class CouponIssuedMembers
{
    public long CouponId { get; set; }

    public long Ordinal { get; set; }

    public long UserId { get; set; }

    public DateTimeOffset IssuedAt { get; set; }

    public long? IdempotencyKeyHash { get; set; }

    /// <summary>None is missing for certain. Where one is, or says nothing, only <see cref="CouponIssued"/> itself can tell which.</summary>
    public bool AreAllThere => CouponId != 0 && Ordinal != 0 && UserId != 0 && IssuedAt != default;

    public CouponIssued ToMessage() => new(CouponId, Ordinal, UserId, IssuedAt) { IdempotencyKeyHash = IdempotencyKeyHash };
}
