using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Audit;

internal static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Warning,
        "The action {Action} of {Actor} ended with {Result}, which the audit could not take: there it says begun for good: {Reason}"
    )]
    public static partial void EndNotRecorded(ILogger logger, string action, string actor, string result, string reason);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "The background operation {Operation} ended with {Result}, which the audit could not take: there it says begun for good: {Reason}"
    )]
    public static partial void EndOfOperationNotRecorded(ILogger logger, string operation, string result, string reason);
}
