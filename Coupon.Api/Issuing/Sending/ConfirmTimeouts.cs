using Coupon.Api.Issuing.Remembering;
using Coupon.Hosting.Background;

namespace Coupon.Api.Issuing.Sending;

/// <summary>Gives the answers that have waited for Kafka as long as they may. One coarse tick replaces a timer for each request.</summary>
internal sealed class ConfirmTimeouts(
    UnconfirmedIssuances unconfirmed,
    KafkaCircuitBreaker breaker,
    TimeProvider time,
    ILogger<ConfirmTimeouts> logger
) : PeriodicService(TimeSpan.FromMilliseconds(50), time, logger)
{
    protected override Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var issuance in unconfirmed.TakeExpired())
        {
            breaker.Missed();

            // On the thread pool: what continues the request must not hold up the tick.
            ThreadPool.UnsafeQueueUserWorkItem(static expired => expired.TrySetResult(false), issuance, preferLocal: false);
        }

        return Task.CompletedTask;
    }
}
