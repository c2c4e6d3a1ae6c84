using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Background;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Service} failed and runs again after its interval: {Reason}")]
    public static partial void RoundFailed(ILogger logger, Exception exception, string service, string reason);
}
