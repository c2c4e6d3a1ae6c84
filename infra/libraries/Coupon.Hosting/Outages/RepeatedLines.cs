using System.Collections.Concurrent;

namespace Coupon.Hosting.Outages;

/// <summary>Remembers which lines were written within the last minute.</summary>
internal sealed class RepeatedLines(TimeProvider time)
{
    // A line is forgotten before its time rather than many being remembered: it is then written once more.
    private const int Most = 500;
    private static readonly TimeSpan _memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Category, string Text), long> _written = new();

    /// <summary>Whether it was written within the last minute; if not, it counts as written now.</summary>
    public bool IsRepeated(string category, string text)
    {
        var now = time.GetTimestamp();
        if (_written.TryGetValue((category, text), out var written) && time.GetElapsedTime(written, now) < _memory)
            return true;
        if (_written.Count >= Most)
            _written.Clear();
        _written[(category, text)] = now;
        return false;
    }
}
