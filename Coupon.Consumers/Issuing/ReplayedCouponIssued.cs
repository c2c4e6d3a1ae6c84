using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>An issuance that was sent again from the dead-letter ledger.</summary>
/// <param name="Original">The message.</param>
/// <param name="LedgerId">The dead letter that it is a replay of.</param>
internal sealed record ReplayedCouponIssued(CouponIssued Original, long LedgerId) : CouponIssued(Original);
