using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>How the producer of one topic is configured.</summary>
internal interface IKafkaProducerSpecification
{
    IEnumerable<ValidationResult> Validate(KafkaFactoryConfigurator rider);
}
