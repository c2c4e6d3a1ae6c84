namespace Coupon.Api.Issuing.Remembering;

internal static partial class Log
{
    [LoggerMessage(
        7,
        LogLevel.Warning,
        "Coupon {CouponId} is sold out, but its holders could not be read from Redis; sold out is asked in Redis meanwhile"
    )]
    public static partial void HoldersNotRead(ILogger logger, long couponId, Exception exception);

    [LoggerMessage(8, LogLevel.Debug, "Redis cannot say which unconfirmed issuances still wait in the outbox: {Reason}")]
    public static partial void OutboxNotRead(ILogger logger, string reason);
}
