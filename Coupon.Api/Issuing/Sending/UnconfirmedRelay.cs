using Coupon.Api.Issuing.Remembering;
using Coupon.Hosting.Background;
using Coupon.Stock;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Sends from memory what this process has told without an acknowledgement, while it may not issue. Then the outbox that it reaches may be that of a
/// primary that was replaced, or none, so Kafka may be the only place where the verification under way finds these issuances. It sends only while a
/// verification waits for this process: later, the numbers may be somebody else's. While the circuit is open, one is tried a round.
/// </summary>
internal sealed class UnconfirmedRelay(
    UnconfirmedIssuances unconfirmed,
    IssuanceSender sender,
    KafkaCircuitBreaker breaker,
    IStockFence fence,
    IssuingOptions options,
    TimeProvider time,
    ILogger<UnconfirmedRelay> logger
) : PeriodicService(_interval, time, logger)
{
    // Well within the time between the end of a lease and the reading of Kafka.
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var atMost = breaker.IsBroken ? 1 : options.RelayBatch;
            var told = unconfirmed.EntriesTold().Where(entry => MaySend(entry.CouponId)).Take(atMost).ToList();
            var sent = await Task.WhenAll(told.Select(SendAsync));
            var acknowledged = sent.Count(isAcknowledged => isAcknowledged);
            if (acknowledged > 0)
                Log.RelayedFromMemory(Logger, acknowledged, told.Count);

            // Not all acknowledged: Kafka is away, or slow.
            if (told.Count < atMost || acknowledged < told.Count)
                return;
        }
    }

    private bool MaySend(long couponId) => !fence.MayIssue(couponId) && fence.IsWaitedFor(couponId);

    private async Task<bool> SendAsync(OutboxEntry entry) => entry.TryGetSeat(out var seat) && await sender.RelayAsync(entry, seat);
}
