namespace Coupon.Stock.Verification;

/// <summary>What a verification found and put right.</summary>
/// <param name="Id">The verification.</param>
/// <param name="Coupons">One entry a coupon, by id.</param>
/// <param name="SettleSeconds">How long it waited for instances.</param>
/// <param name="Seconds">How long it took in all; the coupons sold nothing meanwhile.</param>
public sealed record VerificationReport(long Id, IReadOnlyList<CouponFindings> Coupons, double SettleSeconds, double Seconds);
