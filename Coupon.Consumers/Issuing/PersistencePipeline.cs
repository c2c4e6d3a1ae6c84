using Coupon.Consumers.Telemetry;
using Coupon.Database;
using Polly;
using Polly.Retry;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The Polly pipeline around each write: back-off with jitter for failures that are not the data's, for <c>Retry:MaxElapsed</c> at most.
/// </summary>
internal static class PersistencePipeline
{
    public const string Name = "persistence";

    /// <summary>The key of the context's <see cref="WriteAttempts"/>.</summary>
    public static readonly ResiliencePropertyKey<WriteAttempts> Attempts = new("attempts");

    public static IServiceCollection AddPersistencePipeline(this IServiceCollection services) =>
        services.AddResiliencePipeline(Name, (builder, context) =>
        {
            var options = context.ServiceProvider.GetRequiredService<RetryOptions>();
            var logger = context.ServiceProvider.GetRequiredService<ILogger<IssuedCouponWriter>>();
            var metrics = context.ServiceProvider.GetRequiredService<ConsumerMetrics>();
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder.AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = options.BaseDelay,
                    MaxDelay = options.MaxDelay,
                    ShouldHandle = arguments => ValueTask.FromResult(ShouldRetry(arguments, options)),
                    OnRetry = arguments =>
                    {
                        metrics.Retried();
                        Log.DatabaseFails(logger, arguments.AttemptNumber + 1, arguments.RetryDelay.TotalMilliseconds, arguments.Outcome.Exception!);
                        return ValueTask.CompletedTask;
                    },
                }
            );
        });

    private static bool ShouldRetry(RetryPredicateArguments<object> arguments, RetryOptions options) =>
        arguments.Outcome.Exception is { } exception
        && !arguments.Context.CancellationToken.IsCancellationRequested
        && DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient
        && arguments.Context.Properties.GetValue(Attempts, null!).TransientFor < options.MaxElapsed;
}
