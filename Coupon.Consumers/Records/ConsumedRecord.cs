using MassTransit;

namespace Coupon.Consumers.Records;

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
)
{
    /// <summary>The record behind a message that the bus delivered.</summary>
    /// <exception cref="InvalidOperationException">The message did not come from a Kafka topic.</exception>
    public static ConsumedRecord Of(ConsumeContext context)
    {
        if (!context.TryGetPayload(out KafkaConsumeContext? kafka))
            throw new InvalidOperationException("The message did not come from a Kafka topic: a dead letter of it would have no origin.");
        return new ConsumedRecord(
            kafka.Topic,
            kafka.Partition,
            kafka.Offset,
            context.SentTime is { } sent ? new DateTimeOffset(DateTime.SpecifyKind(sent, DateTimeKind.Utc)) : null,
            context.GetKey<byte[]>(),
            context.ReceiveContext.Body.GetBytes(),
            RawHeaders.Copy(RawHeaders.Of(context))
        );
    }
}
