using System.Collections.Concurrent;
using Coupon.Api.Issuing.Outbox;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// What this process accepted and nobody has acknowledged in time: remembered until somebody does, however long Kafka is away, so that a Redis that forgets
/// its outbox meanwhile can be told. What another instance relays is seen by its absence from the outbox. So these are never more than
/// the outbox holds, which <c>Issuing:OutboxLimit</c> bounds: about 400 bytes each.
/// </summary>
internal sealed class LateIssuances(IConnectionMultiplexer redis, IStockFence fence, IssuingOptions options, TimeProvider time, ILogger<LateIssuances> logger) : BackgroundService
{
    private const int MostAtOnce = 1000;

    private readonly ConcurrentDictionary<OutboxEntry, PendingIssuance> _late = new();

    public void Add(PendingIssuance pending)
    {
        // A rehearsal's is nobody's.
        if (!CouponKeys.IsRehearsal(pending.Keys.CouponId)) _late.TryAdd(new OutboxEntry(pending.Keys.Outbox, pending.OutboxMember), pending);
    }

    public void Forget(OutboxEntry entry) => _late.TryRemove(entry, out _);

    /// <summary>All that nobody is known to have acknowledged.</summary>
    public IEnumerable<OutboxEntry> Entries() => _late.Where(late => !late.Value.Settled).Select(late => late.Key);

    /// <summary>Forgets what was acknowledged, by Kafka to this process or to another one.</summary>
    internal async Task ForgetAcknowledgedAsync(CancellationToken cancellationToken)
    {
        foreach (var (entry, pending) in _late)
        {
            if (pending.Settled) Forget(entry);
        }

        // While the fence is closed, this may be another Redis than the one that these were accepted from, or handed back to.
        if (!fence.IsOpen) return;
        var old = _late.Where(late => time.GetElapsedTime(late.Value.AcceptedAt) >= options.LateCheckAge).GroupBy(late => late.Value.Keys, late => late.Key);
        foreach (var coupon in old)
        {
            foreach (var entries in coupon.Chunk(MostAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await WaitingScript.AskAsync(redis.GetDatabase(), coupon.Key, entries) is not { } waiting) break;
                foreach (var (entry, stillWaits) in entries.Zip(waiting))
                {
                    if (!stillWaits) Forget(entry);
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.LateCheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryForgetAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryForgetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ForgetAcknowledgedAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Mostly away or not verified: what Redis says would not count. Whatever it is, the next look tries again.
            Log.LateNotChecked(logger, exception.Message);
        }
    }
}
