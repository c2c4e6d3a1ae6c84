using System.Collections.Concurrent;

namespace Coupon.Api.Coupons;

/// <summary>
/// Remembers for a moment what was found of ids. The number of ids is bounded: at the bound everything is forgotten, and asked for again.
/// </summary>
/// <param name="lifetime">For how long.</param>
/// <param name="most">How many ids.</param>
/// <param name="time">The clock.</param>
internal sealed class RecentFindings<T>(TimeSpan lifetime, int most, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, (T Finding, long Since)> _findings = new();

    /// <summary>What was found of the id, if that is not too long ago.</summary>
    public bool TryGet(long id, out T finding)
    {
        var isKnown = _findings.TryGetValue(id, out var found) && time.GetElapsedTime(found.Since) < lifetime;
        finding = found.Finding;
        return isKnown;
    }

    /// <param name="id">The id.</param>
    /// <param name="finding">What was found.</param>
    /// <param name="since">When, as a timestamp of the clock.</param>
    public void Remember(long id, T finding, long since)
    {
        if (_findings.Count >= most)
            _findings.Clear();
        _findings[id] = (finding, since);
    }

    /// <summary>Remembers what was found now.</summary>
    public void Remember(long id, T finding) => Remember(id, finding, time.GetTimestamp());
}
