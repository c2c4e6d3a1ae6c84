namespace Coupon.Benchmarks.Measuring;

/// <summary>
/// Waits until the servers have nothing left to do of what was measured last: pages to flush, a log to rewrite, a backlog to drain. Otherwise a row would pay
/// for the one before it.
/// </summary>
internal sealed class QuietServers(IReadOnlyList<int> processIds)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private const double QuietCores = 0.05;

    /// <summary>Returns when they use less than a twentieth of a core together, or after 20 s.</summary>
    public async Task WaitAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        double cores;
        do cores = await CoresAsync();
        while (cores > QuietCores && TimeProvider.System.GetElapsedTime(started) < _patience);
    }

    private async Task<double> CoresAsync()
    {
        var (before, at) = (Used(), TimeProvider.System.GetTimestamp());
        await Task.Delay(_look, TimeProvider.System);
        return (Used() - before) / TimeProvider.System.GetElapsedTime(at).TotalSeconds;
    }

    private double Used() => processIds.Sum(ProcessorTime.OfTree);
}
