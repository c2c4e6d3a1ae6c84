namespace MassTransit;

/// <summary>Where a message came from: a payload of its <see cref="ConsumeContext"/>.</summary>
public interface KafkaConsumeContext
{
    /// <summary>The consumer group.</summary>
    string GroupId { get; }

    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>The partition.</summary>
    int Partition { get; }

    /// <summary>The offset in the partition.</summary>
    long Offset { get; }

    /// <summary>Always false: the end of a partition is not delivered as a message.</summary>
    bool IsPartitionEof { get; }

    /// <summary>The record's timestamp.</summary>
    DateTime CheckpointUtcDateTime { get; }
}

/// <summary>Where a message came from, and its key.</summary>
/// <typeparam name="TKey">Type of the key.</typeparam>
public interface KafkaConsumeContext<out TKey> : KafkaConsumeContext
{
    /// <summary>The key, read when first asked for.</summary>
    TKey Key { get; }
}
