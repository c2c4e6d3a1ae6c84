using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MassTransit.KafkaIntegration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MassTransit.Testing;

/// <summary>Prepares the topics of a test before its bus starts, as <see cref="KafkaTestHarnessOptions"/> says.</summary>
/// <param name="adminClient">The client of the cluster.</param>
/// <param name="testHarnessOptions">What is to be done.</param>
/// <param name="logger">Says what was done.</param>
public class KafkaTestHarnessHostedService(
    IAdminClient adminClient,
    IOptions<KafkaTestHarnessOptions> testHarnessOptions,
    ILogger<KafkaTestHarnessHostedService> logger
) : IHostedService
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = testHarnessOptions.Value;
        if (options.TopicNames.Count == 0)
            return;
        if (options.CleanTopicsOnStart)
            await DeleteAsync(options, cancellationToken).ConfigureAwait(false);
        if (options.CreateTopicsIfNotExists)
            await CreateAsync(options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task DeleteAsync(KafkaTestHarnessOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await adminClient.DeleteTopicsAsync(options.TopicNames).ConfigureAwait(false);
        }
        catch (DeleteTopicsException exception)
        {
            ThrowUnless(exception.Results.Select(result => result.Error), exception, ErrorCode.UnknownTopicOrPart);
        }

        await UntilAsync(options, exists: false, cancellationToken).ConfigureAwait(false);
        Log.TestTopicsDeleted(logger, string.Join(", ", options.TopicNames));
    }

    private async Task CreateAsync(KafkaTestHarnessOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await adminClient
                .CreateTopicsAsync(
                    options.TopicNames.Select(topic => new TopicSpecification
                    {
                        Name = topic,
                        NumPartitions = options.Partitions,
                        ReplicationFactor = options.Replicas,
                    })
                )
                .ConfigureAwait(false);
        }
        catch (CreateTopicsException exception)
        {
            ThrowUnless(exception.Results.Select(result => result.Error), exception, ErrorCode.TopicAlreadyExists);
        }

        await UntilAsync(options, exists: true, cancellationToken).ConfigureAwait(false);
        Log.TestTopicsCreated(logger, string.Join(", ", options.TopicNames), options.Partitions, options.Replicas);
    }

    /// <summary>A broker answers before all brokers know: a test that starts too early would find the topics of before.</summary>
    private async Task UntilAsync(KafkaTestHarnessOptions options, bool exists, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < _patience)
        {
            var known = adminClient
                .GetMetadata(_patience)
                .Topics.Where(topic => topic.Error.Code == ErrorCode.NoError)
                .Select(topic => topic.Topic)
                .ToHashSet();
            if (options.TopicNames.All(topic => known.Contains(topic) == exists))
                return;
            await Task.Delay(_pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }

        throw new KafkaException(
            new Error(ErrorCode.Local_TimedOut, $"The topics {string.Join(", ", options.TopicNames)} did not become ready in {_patience}.")
        );
    }

    private static void ThrowUnless(IEnumerable<Error> errors, KafkaException exception, ErrorCode expected)
    {
        if (errors.Any(error => error.IsError && error.Code != expected))
            throw new KafkaException(exception.Error, exception);
    }
}
