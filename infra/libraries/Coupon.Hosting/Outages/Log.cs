using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Outages;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Server} fails: {Reason}")]
    public static partial void OutageBegins(ILogger logger, string server, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Server} has been failing for {Seconds:0} s, {Failures} times: {Reason}")]
    public static partial void OutageLasts(ILogger logger, string server, double seconds, long failures, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Server} does not fail any more, after {Seconds:0} s and {Failures} failures")]
    public static partial void OutageEnds(ILogger logger, string server, double seconds, long failures);
}
