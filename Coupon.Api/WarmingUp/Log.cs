namespace Coupon.Api.WarmingUp;

internal static partial class Log
{
    [LoggerMessage(30, LogLevel.Information, "Warmed up with {Rounds} rounds of {Requests} issuances in {Seconds:F1} s")]
    public static partial void WarmedUp(ILogger logger, int rounds, int requests, double seconds);

    [LoggerMessage(31, LogLevel.Warning, "The warm-up failed, so the first requests will be slower: {Reason}")]
    public static partial void WarmUpFailed(ILogger logger, string reason);

    [LoggerMessage(32, LogLevel.Information, "Ready after {Seconds:F0} s of warm-up, although the compiler still has something to do")]
    public static partial void WarmUpCutShort(ILogger logger, double seconds);
}
