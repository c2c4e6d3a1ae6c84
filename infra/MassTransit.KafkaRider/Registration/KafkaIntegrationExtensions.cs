using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit;

/// <summary>Adds Kafka to a bus: <c>x.AddRider(rider =&gt; rider.UsingKafka(…))</c>.</summary>
public static class KafkaIntegrationExtensions
{
    /// <summary>Uses Kafka as the rider.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="configure">Names the brokers and the topic endpoints.</param>
    public static void UsingKafka(this IRiderRegistrationConfigurator configurator, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure) =>
        configurator.UsingKafka(new ClientConfig(), configure);

    /// <summary>Uses Kafka as the rider, with client settings that producers and consumers begin from.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="clientConfig">Client settings: addresses, SASL, SSL, …</param>
    /// <param name="configure">Names the topic endpoints.</param>
    public static void UsingKafka(this IRiderRegistrationConfigurator configurator, ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(clientConfig);
        ArgumentNullException.ThrowIfNull(configure);
        configurator.SetRiderFactory(new KafkaRegistrationRiderFactory(clientConfig, configure));
        configurator.TryAddScoped<IKafkaRider, ITopicProducerProvider>((rider, provider) => rider.InScopeOf(provider));
    }
}
