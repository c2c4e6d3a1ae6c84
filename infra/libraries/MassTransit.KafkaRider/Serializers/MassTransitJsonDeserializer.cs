using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Reads a value from JSON, with the options that MassTransit uses everywhere. No value is read as null.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public class MassTransitJsonDeserializer<T> : IDeserializer<T>
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)CompactJson.Options.GetTypeInfo(typeof(T));

    /// <inheritdoc />
    public T Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        isNull ? default! : JsonSerializer.Deserialize(data, _type)!;
}
