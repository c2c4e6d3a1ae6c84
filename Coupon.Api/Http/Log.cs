namespace Coupon.Api.Http;

internal static partial class Log
{
    [LoggerMessage(10, LogLevel.Error, "This service failed to answer a request; the client was given trace id {TraceId}")]
    public static partial void RequestFailed(ILogger logger, Exception? exception, string traceId);

    [LoggerMessage(11, LogLevel.Debug, "A body could not be read to its end: {Reason}")]
    public static partial void BodyBroken(ILogger logger, string reason);
}
