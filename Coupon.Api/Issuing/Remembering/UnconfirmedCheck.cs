using Coupon.Hosting.Background;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Remembering;

/// <summary>
/// Forgets unconfirmed issuances that Kafka has acknowledged by now: to this process, or to the relay of another one, which shows in their absence
/// from the outbox.
/// </summary>
internal sealed class UnconfirmedCheck(
    UnconfirmedIssuances unconfirmed,
    IConnectionMultiplexer redis,
    IStockFence fence,
    IssuingOptions options,
    TimeProvider time,
    ILogger<UnconfirmedCheck> logger
) : PeriodicService(options.UnconfirmedCheckInterval, time, logger)
{
    private const int EntriesAtOnce = 1000;

    protected override Task RunAsync(CancellationToken stoppingToken) => ForgetConfirmedAsync(stoppingToken);

    // Mostly Redis is away or not verified, and its answer would not count.
    protected override void Failed(Exception exception) => Log.OutboxNotRead(Logger, exception.Message);

    /// <summary>Does it once.</summary>
    internal async Task ForgetConfirmedAsync(CancellationToken cancellationToken)
    {
        unconfirmed.ForgetConfirmed();

        foreach (var coupon in unconfirmed.EntriesTold(options.UnconfirmedCheckAge).GroupBy(entry => entry.CouponId))
        {
            // While the fence is closed, this may be another Redis than the one in which the seats were taken.
            var term = fence.Enter(coupon.Key);
            if (!term.MayIssue)
                continue;
            var keys = new CouponKeys(coupon.Key);
            foreach (var entries in coupon.Chunk(EntriesAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await WaitingScript.AskAsync(redis.GetDatabase(), keys, entries, term) is not { } areWaiting)
                    break;
                if (!fence.Holds(term))
                    break;
                foreach (var (entry, isWaiting) in entries.Zip(areWaiting))
                {
                    if (!isWaiting)
                        unconfirmed.Forget(entry);
                }
            }
        }
    }
}
