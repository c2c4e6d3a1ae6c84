using Coupon.Database;
using Coupon.Stock;
using Polly;
using Polly.Retry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Repeats a step in the ledger that failed on a deadlock with another operator or the consumer, whose transaction the database has rolled back, or
/// whose commit was not answered: every step checks first whether it was done. The retries are bounded, so that a waiting operator is told that MySQL
/// is away.
/// </summary>
internal static class LedgerContention
{
    public static readonly ResiliencePipeline Pipeline = new ResiliencePipelineBuilder()
        .AddRetry(
            new RetryStrategyOptions
            {
                MaxRetryAttempts = 8,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromSeconds(1),
                ShouldHandle = arguments =>
                    ValueTask.FromResult(
                        arguments.Outcome.Exception is { } exception
                            && !RedisFailure.Is(exception)
                            && !arguments.Context.CancellationToken.IsCancellationRequested
                            && DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient
                    ),
            }
        )
        .Build();
}
