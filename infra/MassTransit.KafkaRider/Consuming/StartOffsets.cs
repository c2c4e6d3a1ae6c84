using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Where an endpoint begins to read: at the configured offset when a partition comes to it for the first time since it was started, then where it was
/// committed, whichever of its clients has it and however often they were opened. Safe for concurrent use.
/// </summary>
internal sealed class StartOffsets(Offset first)
{
    private readonly Lock _lock = new();
    private readonly HashSet<TopicPartition> _startedBefore = [];

    public IEnumerable<TopicPartitionOffset> Of(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (_lock) return [.. partitions.Select(partition => new TopicPartitionOffset(partition, _startedBefore.Add(partition) ? first : Offset.Unset))];
    }
}
