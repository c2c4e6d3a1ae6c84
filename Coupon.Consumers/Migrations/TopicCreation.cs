using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Migrations;

/// <summary>Creates the topics that are missing. Partitions of a topic that exists are never changed: that would send a user's next message elsewhere.</summary>
internal sealed class TopicCreation(ClientConfig client, TopicNames topics, IOptions<MigrationOptions> options)
{
    /// <summary>8 MiB: a message of a topic as brokers create it (1 MiB), several times over.</summary>
    private const string LargestDeadLetter = "8388608";

    /// <returns>What became of each topic.</returns>
    public async Task<IReadOnlyList<(string Topic, TopicOutcome Outcome)>> CreateMissingAsync()
    {
        using var admin = new AdminClientBuilder(client)
            .SetLogHandler((_, _) => { })
            .Build();
        string[] wanted = [topics.CouponIssued, topics.DeadLetters];
        var missing = wanted.Except(Existing(admin)).ToHashSet();
        if (missing.Count > 0)
            await TryCreateAsync(admin, missing);

        var existing = Existing(admin).ToHashSet();
        return [.. wanted.Select(topic => (topic, (missing.Contains(topic), existing.Contains(topic)) switch
        {
            (false, _) => TopicOutcome.Existed,
            (true, true) => TopicOutcome.Created,
            (true, false) => TopicOutcome.LeftToTheBroker,
        }))];
    }

    private async Task TryCreateAsync(IAdminClient admin, IEnumerable<string> missing)
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
            await admin.CreateTopicsAsync(specifications, new CreateTopicsOptions { RequestTimeout = settings.AdminTimeout, OperationTimeout = settings.AdminTimeout });
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Somebody else created it between the look and the request.
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.RequestTimedOut or ErrorCode.Local_UnsupportedFeature)
        {
            // A broker without an administrative interface (librdkafka's mock): it creates topics when they are first written to.
        }
    }

    private List<string> Existing(IAdminClient admin) => [.. admin.GetMetadata(options.Value.AdminTimeout).Topics.Select(topic => topic.Topic)];
}
