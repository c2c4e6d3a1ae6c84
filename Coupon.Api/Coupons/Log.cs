namespace Coupon.Api.Coupons;

internal static partial class Log
{
    [LoggerMessage(22, LogLevel.Warning, "The coupons in Redis could not be compared with MySQL; the next round tries again")]
    public static partial void ReconciliationWaits(ILogger logger, Exception exception);
}
