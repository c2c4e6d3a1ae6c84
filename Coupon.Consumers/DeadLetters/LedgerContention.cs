using Coupon.Database;
using Coupon.Stock;
using Polly;
using Polly.Retry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Steps in the ledger that operators and the consumer take at the same time: a deadlock between them is nobody's fault, and the database has
/// undone the loser's transaction, so the loser takes the step again. So does one who never heard of the commit: every step finds out first
/// whether it was done. Bounded: an operator who waits is told when MySQL is really away.
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
