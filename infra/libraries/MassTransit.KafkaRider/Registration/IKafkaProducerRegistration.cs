using MassTransit.Configuration;

namespace MassTransit.KafkaIntegration.Registration;

internal interface IKafkaProducerRegistration : IRegistration
{
    void Register(KafkaFactoryConfigurator configurator, IRiderRegistrationContext context);
}
