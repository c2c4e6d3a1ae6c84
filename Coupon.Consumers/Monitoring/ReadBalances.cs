using Coupon.Stock.Balance;

namespace Coupon.Consumers.Monitoring;

/// <summary>The balances of the coupons that anything can still happen to.</summary>
/// <param name="At">When they were read.</param>
/// <param name="Balances">One of each.</param>
internal sealed record ReadBalances(DateTimeOffset At, IReadOnlyList<CouponBalance> Balances)
{
    private readonly Dictionary<long, CouponBalance> _byCoupon = Balances.ToDictionary(balance => balance.CouponId);

    /// <summary>That of one coupon; null: it is not among them.</summary>
    public CouponBalance? Of(long couponId) => _byCoupon.GetValueOrDefault(couponId);
}
