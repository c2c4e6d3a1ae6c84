using MassTransit.Configuration;

namespace MassTransit.KafkaIntegration.Configuration;

internal interface IKafkaProducerRegistration : IRegistration
{
    void Register(KafkaFactoryConfigurator configurator, IRiderRegistrationContext context);
}
