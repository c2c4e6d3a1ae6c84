using System.Diagnostics;

namespace Coupon.Tests.Servers;

/// <summary>Waits for what becomes true by itself, with patience for slow machines: how long it took is never the point.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (patience ?? Patience)) Assert.Fail($"Not true after {watch.Elapsed.TotalSeconds:F0} s: {what}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
