using Confluent.Kafka;
using MassTransit.DependencyInjection;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Registration;

namespace MassTransit;

/// <summary>Adds Kafka to a bus: <c>x.AddRider(rider =&gt; rider.UsingKafka(…))</c>.</summary>
public static class KafkaIntegrationExtensions
{
    /// <summary>
    /// Uses Kafka as the rider. Producers and consumers begin from the <see cref="ClientConfig"/> of the container, where there is one.
    /// </summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="configure">Names the brokers and the topic endpoints.</param>
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    ) => Use(configurator, null, configure);

    /// <summary>Uses Kafka as the rider, with client settings that producers and consumers begin from.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="clientConfig">Client settings: addresses, SASL, SSL, …</param>
    /// <param name="configure">Names the topic endpoints.</param>
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
    {
        ArgumentNullException.ThrowIfNull(clientConfig);
        Use(configurator, clientConfig, configure);
    }

    /// <summary>Uses Kafka as the rider of one of several buses. Its producer provider is <c>Bind&lt;TBus, ITopicProducerProvider&gt;</c>.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="configure">Names the brokers and the topic endpoints.</param>
    /// <typeparam name="TBus">The bus.</typeparam>
    public static void UsingKafka<TBus>(
        this IRiderRegistrationConfigurator<TBus> configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
        where TBus : class, IBus => UseBound(configurator, null, configure);

    /// <summary>Uses Kafka as the rider of one of several buses, with client settings that producers and consumers begin from.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="clientConfig">Client settings: addresses, SASL, SSL, …</param>
    /// <param name="configure">Names the topic endpoints.</param>
    /// <typeparam name="TBus">The bus.</typeparam>
    public static void UsingKafka<TBus>(
        this IRiderRegistrationConfigurator<TBus> configurator,
        ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
        where TBus : class, IBus
    {
        ArgumentNullException.ThrowIfNull(clientConfig);
        UseBound(configurator, clientConfig, configure);
    }

    private static void Use(
        IRiderRegistrationConfigurator configurator,
        ClientConfig? clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
    {
        SetFactory(configurator, clientConfig, configure);
        configurator.TryAddScoped<IKafkaRider, ITopicProducerProvider>((rider, provider) => rider.InScopeOf(provider));
    }

    private static void UseBound<TBus>(
        IRiderRegistrationConfigurator<TBus> configurator,
        ClientConfig? clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
        where TBus : class, IBus
    {
        SetFactory(configurator, clientConfig, configure);
        configurator.TryAddScoped<IKafkaRider, Bind<TBus, ITopicProducerProvider>>((rider, provider) => Bind<TBus>.Create(rider.InScopeOf(provider)));
    }

    private static void SetFactory(
        IRiderRegistrationConfigurator configurator,
        ClientConfig? clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(configure);
        configurator.SetRiderFactory(new KafkaRegistrationRiderFactory(clientConfig, configure));
    }
}
