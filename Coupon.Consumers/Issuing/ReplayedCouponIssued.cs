using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>An issuance that was sent again from the dead-letter ledger.</summary>
/// <param name="Original">The message.</param>
/// <param name="LedgerId">The dead letter that it says it is a replay of.</param>
/// <param name="LedgerOrigin">Where the message of that dead letter came from, as it says; null: it does not say.</param>
internal sealed record ReplayedCouponIssued(CouponIssued Original, long LedgerId, string? LedgerOrigin) : CouponIssued(Original);
