using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>How the producer of one topic is configured.</summary>
internal interface IKafkaProducerSpecification
{
    IEnumerable<ValidationResult> Validate(RiderSettings rider);

    /// <summary>Connects its client, so that the first message finds brokers that are known.</summary>
    void Connect(TopicProducers producers);
}
