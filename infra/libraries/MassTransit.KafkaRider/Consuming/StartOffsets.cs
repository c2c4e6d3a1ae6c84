using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Where an endpoint begins to read: at the configured offset until something of a partition was committed since it was started, then where that was,
/// whichever of its clients has it and however often they were opened. Safe for concurrent use.
/// </summary>
internal sealed class StartOffsets(Offset first)
{
    private readonly Lock _lock = new();
    private readonly HashSet<TopicPartition> _committed = [];

    public IEnumerable<TopicPartitionOffset> Of(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (_lock)
            return [.. partitions.Select(partition => new TopicPartitionOffset(partition, _committed.Contains(partition) ? Offset.Unset : first))];
    }

    /// <summary>Offsets were committed, or were tried to be.</summary>
    public void Committed(IEnumerable<TopicPartitionOffsetError> offsets)
    {
        lock (_lock)
            _committed.UnionWith(offsets.Where(offset => !offset.Error.IsError && offset.Offset >= 0).Select(offset => offset.TopicPartition));
    }
}
