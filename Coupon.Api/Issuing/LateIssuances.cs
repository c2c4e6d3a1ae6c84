using System.Collections.Concurrent;
using Coupon.Api.Issuing.Outbox;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// What this process accepted and nobody has acknowledged in time, and what it told of while it waited in the outbox, whoever had accepted it:
/// remembered until somebody
/// does, however long Kafka is away, so that a Redis that forgets its outbox meanwhile can be told. What another instance relays is seen by its
/// absence from the outbox. So these are never more than
/// the outbox holds, which <c>Issuing:OutboxLimit</c> bounds: about 400 bytes each.
/// </summary>
internal sealed class LateIssuances(
    IConnectionMultiplexer redis,
    IStockFence fence,
    IssuingOptions options,
    TimeProvider time,
    ILogger<LateIssuances> logger
) : BackgroundService
{
    private const int MostAtOnce = 1000;

    private readonly ConcurrentDictionary<OutboxEntry, Late> _late = new();

    public void Add(PendingIssuance pending)
    {
        // A rehearsal's is nobody's.
        if (!CouponKeys.IsRehearsal(pending.Keys.CouponId))
            _late[new OutboxEntry(pending.Keys.Outbox, pending.OutboxMember)] = new(pending.Keys, pending.AcceptedAt, pending);
    }

    /// <summary>This process has told somebody of it, who may have been told by nobody else.</summary>
    public void AnswerFor(CouponKeys keys, OutboxEntry entry)
    {
        if (!CouponKeys.IsRehearsal(keys.CouponId))
            _late.TryAdd(entry, new(keys, time.GetTimestamp(), null));
    }

    public void Forget(OutboxEntry entry) => _late.TryRemove(entry, out _);

    /// <summary>All that nobody is known to have acknowledged.</summary>
    public IEnumerable<OutboxEntry> Entries() => _late.Where(late => !late.Value.IsSettled).Select(late => late.Key);

    /// <summary>Forgets what was acknowledged, by Kafka to this process or to another one.</summary>
    internal async Task ForgetAcknowledgedAsync(CancellationToken cancellationToken)
    {
        foreach (var (entry, late) in _late)
        {
            if (late.IsSettled)
                Forget(entry);
        }

        // While the fence is closed, this may be another Redis than the one that these were accepted from, or handed back to.
        if (fence.Enter() is not { IsOpen: true } term)
            return;
        var old = _late.Where(late => time.GetElapsedTime(late.Value.At) >= options.LateCheckAge).GroupBy(late => late.Value.Keys, late => late.Key);
        foreach (var coupon in old)
        {
            foreach (var entries in coupon.Chunk(MostAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await WaitingScript.AskAsync(redis.GetDatabase(), coupon.Key, entries, term.Epoch) is not { } waiting)
                    break;
                if (!fence.Holds(term))
                    return;
                foreach (var (entry, stillWaits) in entries.Zip(waiting))
                {
                    if (!stillWaits)
                        Forget(entry);
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.LateCheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryForgetAsync(stoppingToken);
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

    // Without a pending issuance, another process accepted it.
    private sealed record Late(CouponKeys Keys, long At, PendingIssuance? Pending)
    {
        public bool IsSettled => Pending is { Settled: true };
    }
}
