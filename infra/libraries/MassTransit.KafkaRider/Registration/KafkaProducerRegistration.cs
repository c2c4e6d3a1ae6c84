using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Registration;

internal sealed class KafkaProducerRegistration<TKey, TValue>(
    string topic,
    ProducerConfig? config,
    Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, TValue>>? configure
) : IKafkaProducerRegistration
    where TValue : class
{
    public Type Type => typeof(KafkaProducerRegistration<TKey, TValue>);

    public bool IncludeInConfigureEndpoints
    {
        get => false;
        set { }
    }

    public void Register(KafkaFactoryConfigurator configurator, IRiderRegistrationContext context) =>
        configurator.AddProducer<TKey, TValue>(topic, config ?? new ProducerConfig(), producer => configure?.Invoke(context, producer));
}
