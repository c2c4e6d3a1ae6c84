using Microsoft.Extensions.Logging;

namespace Coupon.Memory;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Gave back what only the start needed: {Before:F0} MB resident before, {After:F0} MB after")]
    public static partial void StartReleased(ILogger logger, double before, double after);
}
