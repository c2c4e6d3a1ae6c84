namespace Coupon.Consumers.DeadLetters;

/// <summary>A Kafka record as it was read.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset.</param>
/// <param name="Timestamp">The timestamp; null: it has none.</param>
/// <param name="Key">The key, byte for byte; null: none.</param>
/// <param name="Value">The value, byte for byte; null: a tombstone.</param>
/// <param name="Headers">The headers in their order.</param>
internal sealed record ConsumedRecord(
    string Topic,
    int Partition,
    long Offset,
    DateTimeOffset? Timestamp,
    byte[]? Key,
    byte[]? Value,
    IReadOnlyList<MessageHeader> Headers
);
