using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Writes a value as JSON, with the options that MassTransit uses everywhere, where a synchronous serializer is asked for.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public class MassTransitJsonSerializer<T> : ISerializer<T>
{
    private readonly MassTransitAsyncJsonSerializer<T> _serializer = new();

    /// <inheritdoc />
    public byte[] Serialize(T data, SerializationContext context) => _serializer.Serialize(data, context);
}
