using Coupon.Api.Issuing.Remembering;
using Coupon.Hosting.Background;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Gives the answers that have waited for Kafka as long as they may. One coarse tick replaces a timer for each request. While no answer waits, none
/// can be due before <see cref="IssuingOptions.ConfirmTimeout"/> has passed, so the next tick is then: an idle process is not woken for nothing.
/// </summary>
internal sealed class ConfirmTimeouts(
    UnconfirmedIssuances unconfirmed,
    KafkaCircuitBreaker breaker,
    IssuingOptions options,
    TimeProvider time,
    ILogger<ConfirmTimeouts> logger
) : PeriodicService(_tick, time, logger)
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(50);

    private readonly TimeSpan _idleTick = options.ConfirmTimeout > _tick ? options.ConfirmTimeout : _tick;

    protected override Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var issuance in unconfirmed.TakeExpired())
        {
            breaker.Missed();

            // On the thread pool: what continues the request must not hold up the tick.
            ThreadPool.UnsafeQueueUserWorkItem(static expired => expired.TrySetResult(false), issuance, preferLocal: false);
        }

        Interval = unconfirmed.AnyWaits ? _tick : _idleTick;
        return Task.CompletedTask;
    }
}
