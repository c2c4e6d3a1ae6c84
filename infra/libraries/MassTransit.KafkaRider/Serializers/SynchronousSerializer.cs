using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>A synchronous serializer where an asynchronous one is asked for; the producer looks through it.</summary>
internal sealed class SynchronousSerializer<T>(ISerializer<T> serializer) : IAsyncSerializer<T>, ISerializer<T>
{
    public Task<byte[]> SerializeAsync(T data, SerializationContext context) => Task.FromResult(serializer.Serialize(data, context));

    public byte[] Serialize(T data, SerializationContext context) => serializer.Serialize(data, context);
}
