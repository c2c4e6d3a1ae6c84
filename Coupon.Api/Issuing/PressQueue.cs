using Coupon.Stock;

namespace Coupon.Api.Issuing;

/// <summary>What the script decided, and the term of the lease in which it was asked.</summary>
internal readonly record struct Decision(IssueReply Reply, LeaseTerm Term);

/// <summary>
/// Asks the script about the presses of one coupon, one call at a time: whoever presses meanwhile is asked about in the next call, together with all
/// others
/// who did. So nobody waits for company, and the more press at once, the less each costs Redis and this process (docs/performance.md). First come
/// stays
/// first served.
/// </summary>
internal sealed class PressQueue(CouponKeys keys, IssueScript script, IStockFence fence)
{
    /// <summary>The presses of one call: about a millisecond of Redis, and far below what the script can unpack.</summary>
    public const int MostAtOnce = 250;

    private readonly Lock _lock = new();
    private readonly Queue<WaitingPress> _waiting = new();
    private bool _isAsking;
    private bool _wasUsed;

    /// <summary>The coupon.</summary>
    public CouponKeys Keys => keys;

    /// <summary>Decides one press.</summary>
    /// <returns>
    /// What the script decided, or null: the fence is closed and nobody was asked, or it was closed before the answer came, which then does not
    /// count. It fails
    /// as <see cref="IssueScript.DecideAsync"/> does.
    /// </returns>
    public Task<Decision?> DecideAsync(Press press)
    {
        var waiting = new WaitingPress(press);
        lock (_lock)
        {
            _wasUsed = true;
            _waiting.Enqueue(waiting);
            if (_isAsking)
                return waiting.Task;
            _isAsking = true;
        }

        AskNext();
        return waiting.Task;
    }

    /// <summary>Whether anybody has pressed since this was asked last, or is waiting.</summary>
    public bool WasUsed()
    {
        lock (_lock)
        {
            var wasUsed = _wasUsed || _isAsking;
            _wasUsed = false;
            return wasUsed;
        }
    }

    private void AskNext()
    {
        WaitingPress[] presses;
        lock (_lock)
        {
            _isAsking = _waiting.Count > 0;
            if (!_isAsking)
                return;
            presses = new WaitingPress[Math.Min(_waiting.Count, MostAtOnce)];
            for (var i = 0; i < presses.Length; i++)
                presses[i] = _waiting.Dequeue();
        }

        _ = AskAsync(presses);
    }

    private async Task AskAsync(WaitingPress[] presses)
    {
        IssueReply[]? replies = null;

        // Before every call: who came while the fence was open may be asked about when it no longer is, and of another Redis.
        var term = fence.Enter();
        try
        {
            if (term.IsOpen)
                replies = await script.DecideAsync(keys, Array.ConvertAll(presses, waiting => waiting.Press), term.Epoch);
            if (!fence.Holds(term))
                replies = null;
        }
#pragma warning disable CA1031 // Whatever it was: everybody who is waited for here hears of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            AskNext();
            foreach (var waiting in presses)
                waiting.SetException(exception);
            return;
        }

        // First the next call: Redis decides while the answers to this one go out, each of them from here, without a hop to another thread.
        AskNext();
        for (var i = 0; i < presses.Length; i++)
            presses[i].SetResult(replies is null ? null : new Decision(replies[i], term));
    }

    private sealed class WaitingPress(Press press) : TaskCompletionSource<Decision?>
    {
        public Press Press => press;
    }
}
