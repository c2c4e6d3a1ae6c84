using System.Collections.Concurrent;
using Coupon.Hosting.Background;
using Coupon.Stock;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>
/// The press queues of the coupons in use. A queue that no press has used for a while is removed: its coupon may be over, or deleted.
/// </summary>
internal sealed class PressQueues(IssueScript script, IStockFence fence, IssuingMetrics metrics, TimeProvider time, ILogger<PressQueues> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), time, logger)
{
    // Holds only coupons that Redis knows, so requests for ids that do not exist cannot fill it.
    private readonly ConcurrentDictionary<long, PressQueue> _queues = new();

    /// <summary>The queue of a coupon; a new one, which is not kept, where there is none.</summary>
    public PressQueue Of(long couponId) =>
        _queues.TryGetValue(couponId, out var queue) ? queue : new PressQueue(new CouponKeys(couponId), script, fence, metrics, Time);

    /// <summary>Keeps a queue whose coupon Redis knows.</summary>
    public void Keep(PressQueue queue) => _queues.TryAdd(queue.Keys.CouponId, queue);

    /// <summary>Removes the queues that no press has used since the last call.</summary>
    internal void Sweep()
    {
        // A caller may still hold a queue that is removed here. It finishes its press and keeps the queue again; for a moment the coupon may have two
        // queues, which is safe.
        foreach (var queue in _queues)
        {
            if (!queue.Value.WasUsed())
                _queues.TryRemove(queue);
        }
    }

    protected override Task RunAsync(CancellationToken stoppingToken)
    {
        Sweep();
        return Task.CompletedTask;
    }
}

/// <summary>
/// Calls the script for the presses of one coupon, one call at a time: presses that come during a call share the next one, in the order in which they
/// came. A press alone is sent at once; the more presses come, the less each costs Redis and this process (docs/performance.md).
/// </summary>
internal sealed class PressQueue(CouponKeys keys, IssueScript script, IStockFence fence, IssuingMetrics metrics, TimeProvider time)
{
    /// <summary>The most presses of one call: about a millisecond of Redis, and far below what the script can unpack.</summary>
    public const int MostAtOnce = 250;

    private readonly Lock _lock = new();
    private readonly Queue<WaitingPress> _waiting = new();
    private bool _isCalling;
    private bool _wasUsed;

    /// <summary>The coupon.</summary>
    public CouponKeys Keys => keys;

    /// <summary>Decides one press.</summary>
    /// <returns>
    /// The decision; null: the fence was closed, so the script was not called, or it closed before the reply came, which then does not count. Fails
    /// as <see cref="IssueScript.DecideAsync"/> does.
    /// </returns>
    public Task<Decision?> DecideAsync(Press press)
    {
        var waiting = new WaitingPress(press);
        lock (_lock)
        {
            _wasUsed = true;
            _waiting.Enqueue(waiting);
            if (_isCalling)
                return waiting.Task;
            _isCalling = true;
        }

        CallNext();
        return waiting.Task;
    }

    /// <summary>Whether a press came since the last call of this, or waits.</summary>
    public bool WasUsed()
    {
        lock (_lock)
        {
            var wasUsed = _wasUsed || _isCalling;
            _wasUsed = false;
            return wasUsed;
        }
    }

    private void CallNext()
    {
        WaitingPress[] presses;
        lock (_lock)
        {
            _isCalling = _waiting.Count > 0;
            if (!_isCalling)
                return;
            presses = new WaitingPress[Math.Min(_waiting.Count, MostAtOnce)];
            for (var i = 0; i < presses.Length; i++)
                presses[i] = _waiting.Dequeue();
        }

        _ = CallAsync(presses);
    }

    private async Task CallAsync(WaitingPress[] presses)
    {
        IssueReply[]? replies = null;

        // Before every call: the fence may have closed while these presses waited, and Redis may be another one since.
        var term = fence.Enter(keys.CouponId);
        try
        {
            if (term.MayIssue)
            {
                var began = time.GetTimestamp();
                replies = await script.DecideAsync(keys, Array.ConvertAll(presses, waiting => waiting.Press), term);
                metrics.Called(presses.Length, time.GetElapsedTime(began));
            }

            if (!fence.Holds(term))
                replies = null;
        }
#pragma warning disable CA1031 // Every press of this call fails with it, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            CallNext();
            foreach (var waiting in presses)
                waiting.SetException(exception);
            return;
        }

        // The next call first: Redis decides while the answers to this one go out, each from this thread without a hop to another one.
        CallNext();
        for (var i = 0; i < presses.Length; i++)
            presses[i].SetResult(replies is null ? null : new Decision(replies[i], term));
    }

    private sealed class WaitingPress(Press press) : TaskCompletionSource<Decision?>
    {
        public Press Press => press;
    }
}

/// <summary>The script's reply, and the term of the lease in which the script was called.</summary>
internal readonly record struct Decision(IssueReply Reply, LeaseTerm Term);
