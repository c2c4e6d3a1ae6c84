using Coupon.Api.Issuing.Remembering;
using Coupon.Hosting;
using Coupon.Hosting.Background;
using Coupon.Stock;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Sends overdue entries of the outbox: those of an instance that died, and those accepted while Kafka was away. Every instance runs a relay, and
/// leases keep them from sending the same entries. While the circuit is open, the relay tries one entry an interval, which can also close it. An
/// instance that may have been given up relays nothing: its Redis may be a primary that was replaced, and the numbers in that outbox somebody else's.
/// </summary>
internal sealed class OutboxRelay(
    RelayRounds rounds,
    OutboxLeases leases,
    IssuanceSender sender,
    KafkaCircuitBreaker breaker,
    IStockFence fence,
    IssuingOptions options,
    TimeProvider time,
    ILogger<OutboxRelay> logger
) : PeriodicService(options.RelayInterval, time, logger)
{
    // Coupons are asked for in groups: a hundred coupons take one round trip and not a hundred.
    private const int CouponsAtOnce = 100;

    protected override Task RunAsync(CancellationToken stoppingToken) => RelayAsync(stoppingToken);

    protected override void Failed(Exception exception) => Log.RelayWaits(Logger, exception);

    /// <summary>Does one round.</summary>
    internal async Task RelayAsync(CancellationToken stoppingToken)
    {
        Exception? failure = null;
        foreach (var group in (await rounds.NextAsync()).Select(couponId => new CouponKeys(couponId)).Chunk(CouponsAtOnce))
        {
            if (!breaker.IsBroken)
            {
                await Task.WhenAll(group.Select(TrySendDueAsync));
                continue;
            }

            // While the circuit is open, one coupon after the other until one has an entry to try.
            foreach (var keys in group)
            {
                if (await TrySendDueAsync(keys) > 0 && breaker.IsBroken)
                    return;
            }
        }

        if (failure is not null)
            Failed(failure);

        // In a cluster, the shard of one coupon may be away: that is no reason to leave the entries of the others.
        async Task<int> TrySendDueAsync(CouponKeys keys)
        {
            try
            {
                return await SendDueAsync(keys, stoppingToken);
            }
            catch (Exception exception) when (RedisFailure.Is(exception))
            {
                failure = exception;
                return 0;
            }
        }
    }

    // Returns how many entries it tried.
    private async Task<int> SendDueAsync(CouponKeys keys, CancellationToken cancellationToken)
    {
        var tried = 0;
        while (fence.IsWaitedFor(keys.CouponId))
        {
            var atMost = breaker.IsBroken ? 1 : options.RelayBatch;
            var entries = await leases.TakeAsync(keys, atMost);
            var sent = await Task.WhenAll(Readable(entries).Select(due => sender.RelayAsync(due.Entry, due.Seat)));
            tried += sent.Length;

            // An entry that is tried in vain is tried again and again; the outage of Kafka has log lines of its own.
            var acknowledged = sent.Count(isAcknowledged => isAcknowledged);
            if (acknowledged > 0)
                Log.Relayed(Logger, acknowledged, sent.Length, keys.CouponId);

            // Fewer entries than asked for: no other is due. Not all acknowledged: Kafka is away, and they are due again when their lease ends.
            if (entries.Length < atMost || acknowledged < sent.Length || cancellationToken.IsCancellationRequested)
                break;
        }

        return tried;
    }

    // Unreadable entries stay in the outbox, and are logged again whenever their lease ends.
    private List<(OutboxEntry Entry, HeldSeat Seat)> Readable(OutboxEntry[] entries)
    {
        var readable = new List<(OutboxEntry Entry, HeldSeat Seat)>(entries.Length);
        foreach (var entry in entries)
        {
            if (entry.TryGetSeat(out var seat))
                readable.Add((entry, seat));
            else
                Log.OutboxEntryUnreadable(Logger, entry.CouponId, HashedUser.Of((string)entry.Member!));
        }

        return readable;
    }
}
