using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaRegistrationRiderFactory(ClientConfig clientConfig, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
    : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        var configurator = new KafkaFactoryConfigurator(clientConfig, context);
        foreach (var registration in context.GetRegistrations<IKafkaProducerRegistration>()) registration.Register(configurator, context);
        configure(context, configurator);
        return new KafkaBusInstanceSpecification(configurator);
    }
}
