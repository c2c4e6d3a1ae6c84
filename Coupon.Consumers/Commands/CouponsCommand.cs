using System.CommandLine;

namespace Coupon.Consumers.Commands;

/// <summary><c>coupons</c>: the coupons as MySQL has them, and what operators change of one.</summary>
internal static class CouponsCommand
{
    public static Command Create() =>
        new("coupons", "Lists, shows, restocks and closes coupons; 'balance' also asks Redis and Kafka.")
        {
            CouponListCommand.Create(),
            CouponShowCommand.Create(),
            CouponRestockCommand.Create(),
            CouponCloseCommand.Create(),
        };
}
