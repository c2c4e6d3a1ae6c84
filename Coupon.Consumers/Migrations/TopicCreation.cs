using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.Hosting.Configuration;

namespace Coupon.Consumers.Migrations;

/// <summary>
/// Creates the topics that are missing. The partitions of an existing topic are never changed: operators may have chosen them.
/// </summary>
internal sealed class TopicCreation(ClientConfig client, TopicNames topics, NewTopicOptions options)
{
    /// <summary>8 MiB: eight times the largest message of a topic by default (1 MiB, <c>max.message.bytes</c>).</summary>
    private const string LargestDeadLetter = "8388608";

    private readonly HashSet<string> _asked = [];

    /// <returns>For each topic whether it was created. All of them exist.</returns>
    /// <exception cref="TopicsMissingException">Some do not exist yet; to be tried again for a while.</exception>
    public async Task<IReadOnlyList<(string Topic, TopicOutcome Outcome)>> CreateMissingAsync()
    {
        using var admin = new AdminClientBuilder(client).SetLogHandler((_, _) => { }).Build();
        string[] wanted = [topics.CouponIssued, topics.DeadLetters];
        var missing = wanted.Except(Existing(admin)).ToList();
        _asked.UnionWith(missing);
        var reason = missing.Count > 0 ? await TryCreateAsync(admin, missing) : "";
        var stillMissing = missing.Count > 0 ? wanted.Except(Existing(admin)).ToList() : [];
        if (stillMissing.Count > 0)
            throw new TopicsMissingException(stillMissing, reason);
        return [.. wanted.Select(topic => (topic, _asked.Contains(topic) ? TopicOutcome.Created : TopicOutcome.Existed))];
    }

    // Returns the reason why some may be missing afterwards.
    private async Task<string> TryCreateAsync(IAdminClient admin, IEnumerable<string> missing)
    {
        var specifications = missing.Select(topic => new TopicSpecification
        {
            Name = topic,
            NumPartitions = options.Partitions,
            ReplicationFactor = options.ReplicationFactor,
            // No retention: the broker must not delete a dead letter before the ledger has it. And room for the headers: they make a dead letter
            // larger than its message.
            Configs = topic == topics.DeadLetters ? new() { ["retention.ms"] = "-1", ["max.message.bytes"] = LargestDeadLetter } : [],
        });
        try
        {
            await admin.CreateTopicsAsync(
                specifications,
                new CreateTopicsOptions { RequestTimeout = options.AdminTimeout, OperationTimeout = options.AdminTimeout }
            );
            return "";
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => MayComeYet(result.Error.Code)))
        {
            // Another process created the topic since it was looked for, or the cluster is slow.
            var failed = exception.Results.Where(result => result.Error.IsError);
            return string.Join("; ", failed.Select(result => $"{result.Topic}: {result.Error.Reason}"));
        }
        catch (KafkaException exception) when (MayComeYet(exception.Error.Code))
        {
            return exception.Error.Reason;
        }
    }

    private static bool MayComeYet(ErrorCode code) =>
        code
            is ErrorCode.NoError
                or ErrorCode.TopicAlreadyExists
                or ErrorCode.NotController
                or ErrorCode.BrokerNotAvailable
                or ErrorCode.NetworkException
                or ErrorCode.RequestTimedOut
                or ErrorCode.Local_TimedOut
                or ErrorCode.Local_UnsupportedFeature
                or ErrorCode.Local_Transport;

    private List<string> Existing(IAdminClient admin) => [.. admin.GetMetadata(options.AdminTimeout).Topics.Select(topic => topic.Topic)];
}
