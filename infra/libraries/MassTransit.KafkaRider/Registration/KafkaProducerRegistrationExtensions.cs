using Confluent.Kafka;
using MassTransit.KafkaIntegration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit;

/// <summary>
/// Registers producers. Each form registers a scoped <see cref="ITopicProducer{TKey,TValue}"/>; those without a key and with a resolver also a scoped
/// <see cref="ITopicProducer{TValue}"/>.
/// </summary>
public static class KafkaProducerRegistrationExtensions
{
    /// <summary>Registers a producer of messages without keys.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic. A topic may be added once.</param>
    /// <param name="configure">Configures the producer.</param>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void AddProducer<T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<Null, T>>? configure = null
    )
        where T : class => configurator.AddProducer(topicName, _ => default!, configure);

    /// <summary>Registers a producer of messages without keys, with client settings of one's own.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic. A topic may be added once.</param>
    /// <param name="producerConfig">Client settings; they go before those of the rider.</param>
    /// <param name="configure">Configures the producer.</param>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void AddProducer<T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<Null, T>>? configure = null
    )
        where T : class => configurator.AddProducer(topicName, producerConfig, _ => default!, configure);

    /// <summary>Registers a producer of messages with keys.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic. A topic may be added once.</param>
    /// <param name="configure">Configures the producer.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class => Add<TKey, T>(configurator, topicName, null, configure);

    /// <summary>Registers a producer of messages with keys, with client settings of one's own.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic. A topic may be added once.</param>
    /// <param name="producerConfig">Client settings; they go before those of the rider.</param>
    /// <param name="configure">Configures the producer.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(producerConfig);
        Add<TKey, T>(configurator, topicName, producerConfig, configure);
    }

    /// <summary>Registers a producer of messages whose keys are found by a resolver.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic. A topic may be added once.</param>
    /// <param name="keyResolver">Finds the key of a message.</param>
    /// <param name="configure">Configures the producer.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        KafkaKeyResolver<TKey, T> keyResolver,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class
    {
        Add<TKey, T>(configurator, topicName, null, configure);
        AddResolved(configurator, keyResolver);
    }

    /// <summary>Registers a producer of messages whose keys are found by a resolver, with client settings of one's own.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="topicName">The topic. A topic may be added once.</param>
    /// <param name="producerConfig">Client settings; they go before those of the rider.</param>
    /// <param name="keyResolver">Finds the key of a message.</param>
    /// <param name="configure">Configures the producer.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void AddProducer<TKey, T>(
        this IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig producerConfig,
        KafkaKeyResolver<TKey, T> keyResolver,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure = null
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(producerConfig);
        Add<TKey, T>(configurator, topicName, producerConfig, configure);
        AddResolved(configurator, keyResolver);
    }

    private static void Add<TKey, T>(
        IRiderRegistrationConfigurator configurator,
        string topicName,
        ProducerConfig? config,
        Action<IRiderRegistrationContext, IKafkaProducerConfigurator<TKey, T>>? configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentException.ThrowIfNullOrWhiteSpace(topicName);
        var address = new Uri($"topic:{topicName}");
        configurator.TryAddScoped<IKafkaRider, ITopicProducer<TKey, T>>((rider, provider) => rider.InScopeOf(provider).GetProducer<TKey, T>(address));

        // Looked up under a type that no registration has, so every call adds one; a topic that is added twice is refused when the rider is built.
        configurator.Registrar.GetOrAddRegistration<IKafkaProducerRegistration>(
            typeof(IKafkaProducerRegistration),
            _ => new KafkaProducerRegistration<TKey, T>(topicName, config, configure)
        );
    }

    private static void AddResolved<TKey, T>(IRiderRegistrationConfigurator configurator, KafkaKeyResolver<TKey, T> keyResolver)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(keyResolver);
        configurator.TryAddScoped<IKafkaRider, ITopicProducer<T>>(
            (_, provider) => new KeyedTopicProducer<TKey, T>(provider.GetRequiredService<ITopicProducer<TKey, T>>(), keyResolver)
        );
    }
}
