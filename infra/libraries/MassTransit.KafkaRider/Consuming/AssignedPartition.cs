using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A partition while this client has it. Assigned again later, it is another one: what was begun before no longer counts.</summary>
internal sealed class AssignedPartition(TopicPartition partition)
{
    private volatile bool _isGone;
    private long? _seen;
    private long _seenAt;

    public TopicPartition Partition => partition;

    public int Number => partition.Partition.Value;

    public ContiguousOffsets Offsets { get; } = new();

    /// <summary>Revoked or lost: whatever is still done with its messages is not committed.</summary>
    public bool IsGone => _isGone;

    /// <summary>The end of the partition as it was last asked for; the client knows it only while it fetches.</summary>
    public long KnownEnd { get; set; } = -1;

    /// <summary>Only the polling thread sets.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Messages are under way, and the first of them has been the same for too long.</summary>
    public bool StandsStill { get; private set; }

    /// <summary>Called by the polling thread from time to time.</summary>
    public void LookAtProgress(long now, TimeSpan limit)
    {
        var next = Offsets.UnderWay > 0 ? Offsets.Next : null;
        if (next != _seen)
            (_seen, _seenAt) = (next, now);
        StandsStill = next is not null && TimeProvider.System.GetElapsedTime(_seenAt, now) >= limit;
    }

    public void Leave() => _isGone = true;
}
