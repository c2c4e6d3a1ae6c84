using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Stopping;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Asked to stop: not ready any more, and requests are answered for {Seconds} s before the ports close")]
    public static partial void DrainBegins(ILogger logger, double seconds);

    [LoggerMessage(2, LogLevel.Warning, "The stop continues without {Service}: {Reason}")]
    public static partial void StopGoesOn(ILogger logger, string service, string reason);
}
