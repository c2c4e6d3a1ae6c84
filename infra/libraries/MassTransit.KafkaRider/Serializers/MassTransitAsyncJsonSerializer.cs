using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Writes a value as JSON, with the options that MassTransit uses everywhere. Null becomes null: a tombstone.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public class MassTransitAsyncJsonSerializer<T> : IAsyncSerializer<T>, ISerializer<T>
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)CompactJson.Options.GetTypeInfo(typeof(T));

    /// <inheritdoc />
    public Task<byte[]> SerializeAsync(T data, SerializationContext context) => Task.FromResult(Serialize(data, context));

    /// <inheritdoc />
    public byte[] Serialize(T data, SerializationContext context) => data is null ? null! : JsonSerializer.SerializeToUtf8Bytes(data, _type);
}
