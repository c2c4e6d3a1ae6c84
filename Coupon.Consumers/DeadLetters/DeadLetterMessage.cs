using Confluent.Kafka;

namespace Coupon.Consumers.DeadLetters;

/// <summary>A message of the dead-letter topic: any bytes, so that reading one never fails.</summary>
/// <param name="Value">The bytes; null: a tombstone.</param>
internal sealed record DeadLetterMessage(byte[]? Value)
{
    internal sealed class Deserializer : IDeserializer<DeadLetterMessage>
    {
        public DeadLetterMessage Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            new(isNull ? null : data.ToArray());
    }
}
