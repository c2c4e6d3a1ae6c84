using System.Collections.Concurrent;
using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The partitions that a client has, all of one topic.</summary>
internal sealed class PartitionAssignment(Offset startOffset)
{
    private readonly ConcurrentDictionary<int, AssignedPartition> _partitions = new();
    private readonly HashSet<TopicPartition> _startedBefore = [];

    public ICollection<AssignedPartition> Partitions => _partitions.Values;

    public AssignedPartition? Find(Partition partition) => _partitions.GetValueOrDefault(partition.Value);

    public IReadOnlyCollection<AssignedPartition> Of(IEnumerable<TopicPartition> partitions) => [.. partitions.Select(partition => Find(partition.Partition)).OfType<AssignedPartition>()];

    /// <summary>Where to begin: at the configured offset when a partition comes for the first time, then where it was committed.</summary>
    public IEnumerable<TopicPartitionOffset> StartOffsets(IReadOnlyCollection<TopicPartition> partitions) =>
        [.. partitions.Select(partition => new TopicPartitionOffset(partition, _startedBefore.Add(partition) ? startOffset : Offset.Unset))];

    public void Add(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions) _partitions[partition.Partition.Value] = new AssignedPartition(partition);
    }

    public void Remove(IEnumerable<AssignedPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            partition.Leave();
            _partitions.TryRemove(partition.Partition.Partition.Value, out _);
        }
    }

    public void PauseAll(IConsumer<byte[], byte[]> consumer) => SetPauses(consumer, _ => true);

    public void SetPauses(IConsumer<byte[], byte[]> consumer, Func<AssignedPartition, bool> isFull)
    {
        List<TopicPartition>? pause = null;
        List<TopicPartition>? resume = null;
        foreach (var partition in _partitions.Values)
        {
            var full = isFull(partition);
            if (full == partition.IsPaused) continue;
            partition.IsPaused = full;
            (full ? pause ??= [] : resume ??= []).Add(partition.Partition);
        }

        if (pause is not null) consumer.Pause(pause);
        if (resume is not null) consumer.Resume(resume);
    }
}
