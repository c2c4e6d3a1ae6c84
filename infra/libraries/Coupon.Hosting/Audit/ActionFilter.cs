namespace Coupon.Hosting.Audit;

/// <summary>Which actions of operators; what is null does not restrict.</summary>
/// <param name="CouponId">On this coupon.</param>
/// <param name="Operation">The one that the audit of a dead letter names.</param>
public sealed record ActionFilter(long? CouponId = null, string? Operation = null);
