namespace Coupon.Tests.Servers;

/// <summary>
/// Waits for a condition that another process or thread makes true. The bound is for failures only: no test measures how long it took.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _shortPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks a server, so with a longer pause.</summary>
    public static Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null) =>
        IsTrueAsync(condition, () => what, patience);

    /// <summary>As the other one, where what was seen last is said.</summary>
    public static Task IsTrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? patience = null) =>
        WaitAsync(condition, patience ?? _patience, _pause, what);

    /// <summary>Looks at the memory of this process.</summary>
    public static Task IsTrueAsync(Func<bool> condition, int timeoutSeconds = 60, Func<string>? otherwise = null) =>
        WaitAsync(() => Task.FromResult(condition()), TimeSpan.FromSeconds(timeoutSeconds), _shortPause, otherwise);

    private static async Task WaitAsync(Func<Task<bool>> condition, TimeSpan patience, TimeSpan pause, Func<string>? otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
                Assert.Fail($"Not true after {patience.TotalSeconds:F0} s: {otherwise?.Invoke()}");
            await Task.Delay(pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
