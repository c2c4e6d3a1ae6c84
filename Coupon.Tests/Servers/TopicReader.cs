using Confluent.Kafka;

namespace Coupon.Tests.Servers;

/// <summary>Reads a topic from its beginning to where it ends now, byte for byte.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    public static List<ConsumeResult<byte[]?, byte[]?>> ReadAll(string bootstrapServers, string topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = UniqueName.From("reader"),
                EnableAutoCommit = false,
                AutoOffsetReset = AutoOffsetReset.Earliest,
            }
        ).SetKeyDeserializer(Deserializers.ByteArray!).SetValueDeserializer(Deserializers.ByteArray!).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin
            .GetMetadata(topic, _timeout)
            .Topics.Single()
            .Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))
            .ToList();
        var left = partitions.ToDictionary(partition => partition, partition => consumer.QueryWatermarkOffsets(partition, _timeout).High.Value);
        consumer.Assign(
            partitions.Where(partition => left[partition] > 0).Select(partition => new TopicPartitionOffset(partition, Offset.Beginning))
        );
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        var expected = left.Values.Sum();

        // Too few would look like what a test hopes for.
        while (records.Count < expected)
            records.Add(consumer.Consume(_timeout) ?? throw new TimeoutException($"Read {records.Count} of {expected} messages of {topic}."));
        return records;
    }
}
