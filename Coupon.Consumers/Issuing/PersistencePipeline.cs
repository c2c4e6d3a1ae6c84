using Coupon.Database;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The Polly pipeline around each write: back-off with jitter for whatever is not the data's fault, for as long as <c>Retry:MaxElapsed</c>.
/// </summary>
internal static class PersistencePipeline
{
    public const string Name = "persistence";

    /// <summary>Under which a write brings its <see cref="Attempts"/>.</summary>
    public static readonly ResiliencePropertyKey<Attempts> Attempts = new("attempts");

    public static IServiceCollection AddPersistencePipeline(this IServiceCollection services) =>
        services.AddResiliencePipeline(Name, (builder, context) =>
        {
            var options = context.ServiceProvider.GetRequiredService<IOptions<RetryOptions>>().Value;
            var log = context.ServiceProvider.GetRequiredService<ILogger<IssuedCouponWriter>>();
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
                        log.DatabaseFails(arguments.AttemptNumber + 1, arguments.RetryDelay.TotalMilliseconds, arguments.Outcome.Exception!);
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
