using Coupon.Stock.Balance;

namespace Coupon.Consumers.Monitoring;

/// <summary>The balances of the coupons that anything can still happen to.</summary>
/// <param name="At">When they were read.</param>
/// <param name="Balances">By coupon.</param>
internal sealed record ReadBalances(DateTimeOffset At, IReadOnlyDictionary<long, CouponBalance> Balances);
