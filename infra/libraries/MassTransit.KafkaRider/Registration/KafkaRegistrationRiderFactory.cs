using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.KafkaIntegration.Registration;

internal sealed class KafkaRegistrationRiderFactory(
    ClientConfig? clientConfig,
    Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
) : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        // A copy: what is configured for this rider is not for another one that begins from the same settings.
        var settings = clientConfig ?? context.GetService<ClientConfig>() ?? new ClientConfig();
        var configurator = new KafkaFactoryConfigurator(
            new ClientConfig(settings.ToDictionary(setting => setting.Key, setting => setting.Value)),
            context,
            context.GetService<TimeProvider>()
        );
        foreach (var registration in context.GetRegistrations<IKafkaProducerRegistration>())
            registration.Register(configurator, context);
        configure(context, configurator);
        return new KafkaBusInstanceSpecification(configurator);
    }
}
