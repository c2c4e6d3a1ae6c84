using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Attempts that were still under way when their partition went, over all clients of an endpoint. Whoever has the partition next in this process
/// waits for them, so that no message is handled twice at the same time. Safe for concurrent use.
/// </summary>
internal sealed class AbandonedAttempts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, Task> _ends = [];

    /// <summary>Whether any partition has some; cheap, because hardly ever one has.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
            {
                foreach (var (partition, end) in _ends)
                {
                    if (end.IsCompleted)
                        _ends.Remove(partition);
                }

                return _ends.Count > 0;
            }
        }
    }

    public void Add(AssignedPartition partition, Task end)
    {
        lock (_lock)
            _ends[partition.Partition] = _ends.TryGetValue(partition.Partition, out var before) ? Task.WhenAll(before, end) : end;
    }

    /// <summary>Completes, in whatever way, when none of the partition is under way.</summary>
    public Task EndOf(AssignedPartition partition)
    {
        lock (_lock)
            return _ends.GetValueOrDefault(partition.Partition, Task.CompletedTask);
    }
}
