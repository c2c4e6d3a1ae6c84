using System.Net.Mime;
using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Gives serializers of keys and values by type.</summary>
public interface IKafkaSerializerFactory
{
    /// <summary>What the values are.</summary>
    ContentType ContentType { get; }

    /// <summary>Reads keys or values of a type.</summary>
    IDeserializer<T> GetDeserializer<T>();

    /// <summary>Writes keys or values of a type.</summary>
    IAsyncSerializer<T> GetSerializer<T>();
}
