namespace Coupon.Api.Events;

internal static partial class Log
{
    [LoggerMessage(70, LogLevel.Warning, "Watched coupons could not be read; who watches them is told nothing new until they can")]
    public static partial void EventsWait(ILogger logger, Exception exception);
}
