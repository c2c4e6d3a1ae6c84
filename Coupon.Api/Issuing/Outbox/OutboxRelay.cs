using Coupon.Contracts;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Outbox;

/// <summary>
/// Sends what is overdue: accepted by an instance that died, or while Kafka was away. Every instance runs one; leases keep them off each other's
/// entries. While the circuit is open it tries a single entry an interval, which is also what closes the circuit.
/// </summary>
internal sealed class OutboxRelay(
    IConnectionMultiplexer redis,
    OutboxLeases leases,
    IssuanceSender sender,
    KafkaCircuit circuit,
    IssuingOptions options,
    TimeProvider time,
    ILogger<OutboxRelay> logger
) : BackgroundService
{
    // Leases are asked for in groups, so that a thousand coupons take ten round trips and not a thousand.
    private const int CouponsAtOnce = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RelayInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TrySweepAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the next sweep tries again: without the relay, what an instance left behind would never be sent.
            Log.RelayWaits(logger, exception);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var coupons = await redis.GetDatabase().SetMembersAsync(CouponKeys.LoadedCoupons);
        foreach (var group in coupons.Select(id => new CouponKeys((long)id)).Chunk(CouponsAtOnce))
        {
            // With the circuit open, one after the other until one has an entry to try.
            if (circuit.IsOpen)
            {
                foreach (var keys in group)
                {
                    if (await SendDueAsync(keys, cancellationToken) > 0 && circuit.IsOpen)
                        return;
                }
            }
            else
            {
                await Task.WhenAll(group.Select(keys => SendDueAsync(keys, cancellationToken)));
            }
        }
    }

    // Returns how many it tried.
    private async Task<int> SendDueAsync(CouponKeys keys, CancellationToken cancellationToken)
    {
        for (var tried = 0; ; )
        {
            var atMost = circuit.IsOpen ? 1 : options.RelayBatch;
            var entries = await leases.TakeAsync(keys, atMost);
            var sent = await Task.WhenAll(Readable(entries, keys.CouponId).Select(due => sender.RelayAsync(due.Entry, due.Message)));
            tried += sent.Length;
            // One that is tried in vain is tried again and again: the outage of Kafka has lines of its own.
            if (Array.IndexOf(sent, true) >= 0)
                Log.Relayed(logger, sent.Count(yes => yes), sent.Length, keys.CouponId);

            // Fewer than asked for: nothing else is due. Not all sent: Kafka is away, and the lease brings them back.
            if (entries.Length < atMost || Array.IndexOf(sent, false) >= 0 || cancellationToken.IsCancellationRequested)
                return tried;
        }
    }

    // What is no entry of ours stays where it is, and is named again whenever its lease ends.
    private List<(OutboxEntry Entry, CouponIssued Message)> Readable(OutboxEntry[] entries, long couponId)
    {
        var readable = new List<(OutboxEntry Entry, CouponIssued Message)>(entries.Length);
        foreach (var entry in entries)
        {
            if (entry.TryToMessage(couponId, out var message))
                readable.Add((entry, message));
            else
                Log.OutboxEntryUnreadable(logger, couponId, entry.Member!);
        }

        return readable;
    }
}
