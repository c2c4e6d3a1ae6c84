using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Migrations;

/// <summary>
/// Creates the topics that are missing. Partitions of a topic that exists are never changed: that would send a user's next message elsewhere.
/// </summary>
internal sealed class TopicCreation(ClientConfig client, TopicNames topics, IOptions<MigrationOptions> options)
{
    /// <summary>8 MiB: a message of a topic as brokers create it (1 MiB), several times over.</summary>
    private const string LargestDeadLetter = "8388608";

    private readonly HashSet<string> _asked = [];

    /// <returns>What became of each topic. All of them exist.</returns>
    /// <exception cref="TopicsMissingException">They do not, yet; to be tried again for a while.</exception>
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

    // Returns why some may be missing afterwards.
    private async Task<string> TryCreateAsync(IAdminClient admin, IEnumerable<string> missing)
    {
        var settings = options.Value;
        var specifications = missing.Select(topic => new TopicSpecification
        {
            Name = topic,
            NumPartitions = settings.Partitions,
            ReplicationFactor = settings.ReplicationFactor,
            // A dead letter waits for a human: the broker must not throw it away before the ledger has it.
            // And it is larger than the message that it holds: it says why it was given up.
            Configs = topic == topics.DeadLetters ? new() { ["retention.ms"] = "-1", ["max.message.bytes"] = LargestDeadLetter } : [],
        });
        try
        {
            await admin.CreateTopicsAsync(
                specifications,
                new CreateTopicsOptions { RequestTimeout = settings.AdminTimeout, OperationTimeout = settings.AdminTimeout }
            );
            return "";
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => MayComeYet(result.Error.Code)))
        {
            // Somebody else created it between the look and the request, or the cluster is slow.
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

    private List<string> Existing(IAdminClient admin) => [.. admin.GetMetadata(options.Value.AdminTimeout).Topics.Select(topic => topic.Topic)];
}
