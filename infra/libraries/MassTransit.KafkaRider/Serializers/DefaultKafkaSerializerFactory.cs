using System.Net.Mime;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Kafka's own form for the simple types (int, long, string, …), JSON for the others.</summary>
public class DefaultKafkaSerializerFactory : IKafkaSerializerFactory
{
    private static readonly Dictionary<Type, object> _deserializers = new()
    {
        [typeof(Null)] = Deserializers.Null,
        [typeof(Ignore)] = Deserializers.Ignore,
        [typeof(int)] = Deserializers.Int32,
        [typeof(long)] = Deserializers.Int64,
        [typeof(string)] = Deserializers.Utf8,
        [typeof(float)] = Deserializers.Single,
        [typeof(double)] = Deserializers.Double,
        [typeof(byte[])] = Deserializers.ByteArray,
    };

    private static readonly Dictionary<Type, object> _serializers = new()
    {
        [typeof(Null)] = new SynchronousSerializer<Null>(Confluent.Kafka.Serializers.Null),
        [typeof(int)] = new SynchronousSerializer<int>(Confluent.Kafka.Serializers.Int32),
        [typeof(long)] = new SynchronousSerializer<long>(Confluent.Kafka.Serializers.Int64),
        [typeof(string)] = new SynchronousSerializer<string>(Confluent.Kafka.Serializers.Utf8),
        [typeof(float)] = new SynchronousSerializer<float>(Confluent.Kafka.Serializers.Single),
        [typeof(double)] = new SynchronousSerializer<double>(Confluent.Kafka.Serializers.Double),
        [typeof(byte[])] = new SynchronousSerializer<byte[]>(Confluent.Kafka.Serializers.ByteArray),
    };

    /// <inheritdoc />
    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    /// <inheritdoc />
    public IDeserializer<T> GetDeserializer<T>() =>
        _deserializers.TryGetValue(typeof(T), out var known) ? (IDeserializer<T>)known : new MassTransitJsonDeserializer<T>();

    /// <inheritdoc />
    public IAsyncSerializer<T> GetSerializer<T>() =>
        _serializers.TryGetValue(typeof(T), out var known) ? (IAsyncSerializer<T>)known : new MassTransitAsyncJsonSerializer<T>();
}
