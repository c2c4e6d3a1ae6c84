using Coupon.Consumers.Telemetry;
using Polly;
using Polly.Retry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// The Polly pipeline for publishing and recording dead letters: it retries without end, because a message that is given up here would be lost.
/// </summary>
internal static class DeadLetterPipeline
{
    public const string Name = "dead-letters";

    public static IServiceCollection AddDeadLetterPipeline(this IServiceCollection services) =>
        services.AddResiliencePipeline(Name, (builder, context) =>
        {
            var logger = context.ServiceProvider.GetRequiredService<ILogger<DeadLetterPublisher>>();
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder.AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromMilliseconds(200),
                    MaxDelay = TimeSpan.FromSeconds(10),
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(arguments.Outcome.Exception is not null && !arguments.Context.CancellationToken.IsCancellationRequested),
                    OnRetry = arguments =>
                    {
                        Log.DeadLetterFails(
                            logger,
                            arguments.AttemptNumber + 1,
                            arguments.RetryDelay.TotalMilliseconds,
                            arguments.Outcome.Exception!
                        );
                        return ValueTask.CompletedTask;
                    },
                }
            );
        });
}
