using Coupon.Database;

namespace Coupon.Tests.Servers;

/// <summary>Ids for coupons that a test inserts itself: each larger than the one before.</summary>
internal static class NewCouponId
{
    private static readonly Lock _one = new();
    private static long _last;

    public static long Next()
    {
        lock (_one)
            return _last = Math.Max(_last + 1, CouponId.At(TimeProvider.System.GetUtcNow().UtcDateTime));
    }
}
