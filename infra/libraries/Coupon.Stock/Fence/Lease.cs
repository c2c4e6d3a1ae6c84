using Coupon.Stock.Verification;

namespace Coupon.Stock.Fence;

/// <summary>The lease of this instance for one shard, by its own monotonic clock. Reading it costs a timestamp and a comparison.</summary>
internal sealed class Lease(string shard, TimeProvider time, VerificationOptions options)
{
    private readonly Lock _lock = new();
    private volatile LeaseTerm _term = LeaseTerm.Closed;
    private long _terms;
    private long _lastEnd = long.MinValue;

    /// <summary>The term of this moment; <see cref="LeaseTerm.Closed"/> where it has ended.</summary>
    public LeaseTerm Enter()
    {
        var term = _term;
        return term.HoldsAt(time.GetTimestamp()) ? term : LeaseTerm.Closed;
    }

    /// <summary>
    /// Whether a verification still waits for this instance, by its own clock, also where it shows nothing: its lease has not ended, or not long ago.
    /// </summary>
    public bool IsWaitedFor =>
        Interlocked.Read(ref _lastEnd) is var end
        && end != long.MinValue
        && time.GetTimestamp() < end + (long)(options.WaitedForAfterLease.TotalSeconds * time.TimestampFrequency);

    /// <summary>Moves the end of the term of this moment; with another epoch, a new term begins.</summary>
    /// <param name="until">A timestamp. A renewal that comes late shortens nothing.</param>
    /// <param name="epoch">What Redis was seen with.</param>
    /// <returns>False: there is none any more.</returns>
    public bool TryRenew(long until, long epoch)
    {
        lock (_lock)
        {
            var term = Enter();
            if (!term.MayIssue)
                return false;
            LastsUntil(until);
            if (term.Epoch == epoch)
                term.ExtendTo(until);
            else
                Begin(until, epoch);
            return true;
        }
    }

    /// <summary>Begins a new term.</summary>
    public void Open(long until, long epoch)
    {
        lock (_lock)
            Begin(until, epoch);
    }

    /// <summary>Ends the term of this moment.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _term.End();
            _term = LeaseTerm.Closed;
        }
    }

    // Also of a term that is ended early: others cannot know.
    private void LastsUntil(long until) => Interlocked.Exchange(ref _lastEnd, Math.Max(_lastEnd, until));

    private void Begin(long until, long epoch)
    {
        LastsUntil(until);
        _term.End();
        _term = new LeaseTerm(++_terms, epoch, shard, until);
    }
}
