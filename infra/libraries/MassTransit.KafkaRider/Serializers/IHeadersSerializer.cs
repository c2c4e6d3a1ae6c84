namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Writes the headers of a message.</summary>
public interface IHeadersSerializer
{
    /// <summary>The Kafka headers of a message.</summary>
    Confluent.Kafka.Headers Serialize(SendContext context);
}
