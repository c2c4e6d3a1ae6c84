using Microsoft.Extensions.Logging;

namespace Coupon.Memory;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Gave back what only the start needed: {Before:F0} MB resident before, {After:F0} MB after")]
    public static partial void StartReleased(ILogger logger, double before, double after);

    [LoggerMessage(2, LogLevel.Warning, "The pages of code that only the start needed are kept, since the map of this process cannot be read: {Reason}")]
    public static partial void ImagesKept(ILogger logger, string reason);
}
