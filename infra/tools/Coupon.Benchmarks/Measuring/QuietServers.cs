using StackExchange.Redis;

namespace Coupon.Benchmarks.Measuring;

/// <summary>
/// Waits until the servers have finished the work of the last measurement: pages to flush, a log to rewrite, a backlog to drain. Otherwise a row
/// would pay for the one before it.
/// </summary>
internal sealed class QuietServers(IReadOnlyList<int> processIds, IConnectionMultiplexer redis)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly HashSet<string> _atWork = ["aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress"];
    private const double QuietCores = 0.05;

    private int _waits;
    private int _inVain;

    /// <summary>Returns when they use less than a twentieth of a core together and Redis is not writing its file anew, or after 20 s.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        _waits++;
        var started = TimeProvider.System.GetTimestamp();
        while (await CoresAsync(cancellationToken) > QuietCores || await RewritesAsync())
        {
            if (TimeProvider.System.GetElapsedTime(started) < _patience)
                continue;
            _inVain++;
            return;
        }
    }

    /// <summary>One line for the notes of a table.</summary>
    public string Note() =>
        $"Before {_inVain} of {_waits} measurements the servers were still at work after {_patience.TotalSeconds:F0} s of waiting"
        + (processIds.Count == 0 ? "; of these, which are not of this run, only Redis was asked." : ".");

    private async Task<double> CoresAsync(CancellationToken cancellationToken)
    {
        var (before, at) = (Used(), TimeProvider.System.GetTimestamp());
        await Task.Delay(_look, TimeProvider.System, cancellationToken);
        return (Used() - before) / TimeProvider.System.GetElapsedTime(at).TotalSeconds;
    }

    private double Used() => processIds.Sum(ProcessorTime.OfTree);

    // The process that rewrites may be waiting for the disk: idle, but not done.
    private async Task<bool> RewritesAsync() =>
        (await redis.GetServers()[0].InfoAsync("persistence"))
            .SelectMany(section => section)
            .Any(fact => _atWork.Contains(fact.Key) && fact.Value != "0");
}
