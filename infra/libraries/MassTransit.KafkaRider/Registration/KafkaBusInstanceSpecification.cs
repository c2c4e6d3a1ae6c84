using MassTransit.Configuration;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Registration;

internal sealed class KafkaBusInstanceSpecification(KafkaFactoryConfigurator configurator) : IBusInstanceSpecification
{
    public IEnumerable<ValidationResult> Validate() => configurator.Validate();

    public void Configure(IBusInstance busInstance) => busInstance.Connect<IKafkaRider>(configurator.Build(busInstance));
}
