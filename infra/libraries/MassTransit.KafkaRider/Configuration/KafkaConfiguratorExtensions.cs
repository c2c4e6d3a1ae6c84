using Confluent.Kafka;

namespace MassTransit;

/// <summary>Shorter forms of what the rider's configurator offers.</summary>
public static class KafkaConfiguratorExtensions
{
    /// <summary>Names the brokers. Once only.</summary>
    /// <param name="configurator">The rider.</param>
    /// <param name="server">A bootstrap address, or several with commas between.</param>
    /// <param name="configure">SSL and SASL.</param>
    public static void Host(this IKafkaFactoryConfigurator configurator, string server, Action<IKafkaHostConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.Host([server], configure);
    }

    /// <summary>Consumes a topic without looking at the keys.</summary>
    /// <param name="configurator">The rider.</param>
    /// <param name="topicName">The topic.</param>
    /// <param name="groupId">The consumer group.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void TopicEndpoint<T>(
        this IKafkaFactoryConfigurator configurator,
        string topicName,
        string groupId,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TopicEndpoint(topicName, groupId, configure);
    }

    /// <summary>Consumes a topic without looking at the keys, with client settings of one's own.</summary>
    /// <param name="configurator">The rider.</param>
    /// <param name="topicName">The topic.</param>
    /// <param name="consumerConfig">Client settings; <c>GroupId</c> is required.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static void TopicEndpoint<T>(
        this IKafkaFactoryConfigurator configurator,
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TopicEndpoint(topicName, consumerConfig, configure);
    }
}
