using System.Collections.Concurrent;
using Coupon.Stock;

namespace Coupon.Api.Issuing;

/// <summary>
/// The queues of the coupons that people press for. One that nobody has used for a while is let go of: its coupon may be over, or deleted.
/// </summary>
internal sealed class PressQueues(IssueScript script, IStockFence fence, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _tick = TimeSpan.FromMinutes(1);

    // Only coupons that Redis knows are kept, so nobody can fill it by asking for ids that do not exist.
    private readonly ConcurrentDictionary<long, PressQueue> _queues = new();

    /// <summary>The queue of a coupon; a new one, which is not kept, where there is none.</summary>
    public PressQueue Of(long couponId) =>
        _queues.TryGetValue(couponId, out var queue) ? queue : new PressQueue(new CouponKeys(couponId), script, fence);

    /// <summary>Redis knows its coupon.</summary>
    public void Keep(PressQueue queue) => _queues.TryAdd(queue.Keys.CouponId, queue);

    /// <summary>Lets go of those that nobody has used since it was called last. Called by the tick; by tests at will.</summary>
    internal void Sweep()
    {
        // Who has just been given a queue that goes presses there all the same, and brings it back: for a moment the script is asked by two, which it
        // may be.
        foreach (var queue in _queues)
        {
            if (!queue.Value.WasUsed())
                _queues.TryRemove(queue);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Sweep();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
