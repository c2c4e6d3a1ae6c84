using System.CommandLine;

namespace Coupon.Consumers.Commands;

/// <summary><c>coupons</c>: the coupons as MySQL has them.</summary>
internal static class CouponsCommand
{
    public static Command Create() =>
        new("coupons", "Lists and shows coupons as MySQL has them; 'balance' also asks Redis and Kafka.")
        {
            CouponListCommand.Create(),
            CouponShowCommand.Create(),
        };
}
