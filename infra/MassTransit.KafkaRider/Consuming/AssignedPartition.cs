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

    /// <summary>Only the polling thread asks and sets.</summary>
    public bool IsPaused { get; set; }

    public void Leave() => _isGone = true;
}
