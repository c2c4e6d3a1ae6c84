namespace Coupon.Stock.Verification;

/// <summary>What a verification found and put right.</summary>
/// <param name="Id">The verification.</param>
/// <param name="Coupons">One entry a coupon, by id.</param>
/// <param name="SettleSeconds">How long it waited for instances.</param>
/// <param name="Seconds">How long it took in all; the coupons sold nothing meanwhile.</param>
public sealed record VerificationReport(long Id, IReadOnlyList<CouponFindings> Coupons, double SettleSeconds, double Seconds)
{
    /// <summary>The findings of several shards, one after the other, under the id of the last one; null where there are none.</summary>
    internal static VerificationReport? Of(IReadOnlyList<VerificationReport> shards) =>
        shards.Count < 2
            ? shards.SingleOrDefault()
            : new VerificationReport(
                shards.Max(report => report.Id),
                [.. shards.SelectMany(report => report.Coupons).OrderBy(coupon => coupon.CouponId)],
                shards.Sum(report => report.SettleSeconds),
                shards.Sum(report => report.Seconds)
            );
}
