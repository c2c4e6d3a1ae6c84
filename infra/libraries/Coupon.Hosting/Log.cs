using Microsoft.Extensions.Logging;

namespace Coupon.Hosting;

internal static partial class Log
{
    [LoggerMessage(4, LogLevel.Critical, "The program ends, because MySQL lacks something that it relies on: {Reason}")]
    public static partial void Unsuitable(ILogger logger, string reason);
}
