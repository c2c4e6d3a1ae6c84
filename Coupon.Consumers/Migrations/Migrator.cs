using Confluent.Kafka;
using Coupon.Database;
using Microsoft.Extensions.Options;
using MySqlConnector;
using Polly;
using Polly.Retry;

namespace Coupon.Consumers.Migrations;

/// <summary>Schema first, then topics: an API that finds the topics finds the tables too.</summary>
internal sealed class Migrator(
    SchemaMigration schema,
    MySqlDataSource database,
    TopicCreation topics,
    IOptions<MigrationOptions> options,
    TimeProvider time
)
{
    /// <exception cref="TimeoutException">A server did not come up in time.</exception>
    /// <exception cref="UnsuitableServerException">MySQL cannot give what the service relies on.</exception>
    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var applied = await WhenUpAsync("MySQL", schema.ApplyAsync, cancellationToken);
        await ServerCheck.CheckAsync(database, cancellationToken);
        await output.WriteLineAsync(applied.Count == 0 ? "schema: up to date" : $"schema: applied {string.Join(", ", applied)}");

        foreach (var (topic, outcome) in await WhenUpAsync("Kafka", _ => topics.CreateMissingAsync(), cancellationToken))
            await output.WriteLineAsync($"topic {topic}: {Describe(outcome)}");
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
                                && time.GetElapsedTime(started) < options.Value.WaitFor
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
                $"{server} could not be reached for {options.Value.WaitFor.TotalSeconds:0} s: {exception.GetBaseException().Message}",
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
