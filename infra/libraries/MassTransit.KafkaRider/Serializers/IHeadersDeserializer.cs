using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Reads the headers of a message.</summary>
public interface IHeadersDeserializer
{
    /// <summary>What the Kafka headers say, by name.</summary>
    IHeaderProvider Deserialize(Confluent.Kafka.Headers headers);
}
