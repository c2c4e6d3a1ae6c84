using Confluent.Kafka;

namespace MassTransit;

/// <summary>A message that is not what its endpoint reads, exactly as it lies in the topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset in the partition.</param>
/// <param name="Timestamp">The record's timestamp.</param>
/// <param name="GroupId">The consumer group that read it.</param>
/// <param name="Key">The key's bytes; null where it has none.</param>
/// <param name="Value">The value's bytes; null for a tombstone.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Exception">Why it cannot be decoded.</param>
public sealed record UndecodableMessage(
    string Topic,
    int Partition,
    long Offset,
    Timestamp Timestamp,
    string GroupId,
    byte[]? Key,
    byte[]? Value,
    Confluent.Kafka.Headers Headers,
    Exception Exception
);
