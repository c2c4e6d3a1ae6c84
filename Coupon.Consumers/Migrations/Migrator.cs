using Confluent.Kafka;
using Coupon.Database;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using MySqlConnector;
using Polly;
using Polly.Retry;

namespace Coupon.Consumers.Migrations;

/// <summary>Applies the schema first and creates the topics then: an API that finds the topics finds the tables too.</summary>
internal sealed class Migrator(
    SchemaMigration schema,
    MySqlDataSource database,
    IKeyManager consoleKeys,
    TopicCreation topics,
    MigrationOptions options,
    TimeProvider time
)
{
    // As long as Data Protection lets its own live.
    private static readonly TimeSpan _lifetimeOfAKey = TimeSpan.FromDays(90);

    /// <exception cref="TimeoutException">A server did not come up in time.</exception>
    /// <exception cref="UnsuitableServerException">MySQL lacks something that the service relies on.</exception>
    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var applied = await WhenUpAsync("MySQL", schema.ApplyAsync, cancellationToken);
        await ServerCheck.CheckAsync(database, cancellationToken);
        CreateFirstKey();
        await output.WriteLineAsync(applied.Count == 0 ? "schema: up to date" : $"schema: applied {string.Join(", ", applied)}");

        foreach (var (topic, outcome) in await WhenUpAsync("Kafka", _ => topics.CreateMissingAsync(), cancellationToken))
            await output.WriteLineAsync($"topic {topic}: {Describe(outcome)}");
    }

    // Instances that start first, and at once, would each make one; each would then know the forms of the others only a day later.
    private void CreateFirstKey()
    {
        if (consoleKeys.GetAllKeys().Count > 0)
            return;
        var now = time.GetUtcNow();
        consoleKeys.CreateNewKey(now, now + _lifetimeOfAKey);
    }

    private async Task<T> WhenUpAsync<T>(string server, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = int.MaxValue,
                    Delay = TimeSpan.FromMilliseconds(250),
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(
                            arguments.Outcome.Exception is { } failure
                                && (IsStillStarting(failure) || failure is TopicsMissingException)
                                && time.GetElapsedTime(started) < options.WaitFor
                        ),
                }
            )
            .Build();
        try
        {
            return await pipeline.ExecuteAsync(async token => await work(token), cancellationToken);
        }
        catch (Exception exception) when (IsStillStarting(exception))
        {
            throw new TimeoutException(
                $"{server} could not be reached for {options.WaitFor.TotalSeconds:0} s: {exception.GetBaseException().Message}",
                exception
            );
        }
    }

    private static bool IsStillStarting(Exception exception) =>
        exception
            is KafkaException
            {
                Error.Code: ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve
            }
        || DatabaseFailure.IsUnreachable(exception);

    private static string Describe(TopicOutcome outcome) =>
        outcome switch
        {
            TopicOutcome.Existed => "exists",
            _ => "created",
        };
}
