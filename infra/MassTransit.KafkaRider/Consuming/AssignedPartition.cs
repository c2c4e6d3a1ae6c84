using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A partition while this client has it. Assigned again later, it is another one: what was begun before no longer counts.</summary>
internal sealed class AssignedPartition(TopicPartition partition)
{
    private volatile bool _isGone;

    public TopicPartition Partition => partition;

    public ContiguousOffsets Offsets { get; } = new();

    /// <summary>Revoked or lost: whatever is still done with its messages is not committed.</summary>
    public bool IsGone => _isGone;

    /// <summary>The end of the partition as it was last asked for; the client knows it only while it fetches.</summary>
    public long KnownEnd { get; set; } = -1;

    /// <summary>Only the polling thread sets.</summary>
    public bool IsPaused { get; set; }

    public void Leave() => _isGone = true;
}
