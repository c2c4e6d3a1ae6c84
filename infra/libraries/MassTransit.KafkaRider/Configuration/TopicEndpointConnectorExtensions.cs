using Confluent.Kafka;

namespace MassTransit;

/// <summary>Adds topic endpoints that do not look at the keys to a bus that is running.</summary>
public static class TopicEndpointConnectorExtensions
{
    /// <summary>Starts consuming a topic without looking at the keys.</summary>
    /// <param name="connector">The rider.</param>
    /// <param name="topicName">The topic, or a pattern that begins with <c>^</c>.</param>
    /// <param name="groupId">The consumer group.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        this IKafkaTopicEndpointConnector connector,
        string topicName,
        string groupId,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(connector);
        return connector.ConnectTopicEndpoint(topicName, groupId, configure);
    }

    /// <summary>Starts consuming a topic without looking at the keys, with client settings of one's own.</summary>
    /// <param name="connector">The rider.</param>
    /// <param name="topicName">The topic, or a pattern that begins with <c>^</c>.</param>
    /// <param name="consumerConfig">Client settings; <c>GroupId</c> is required.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static HostReceiveEndpointHandle ConnectTopicEndpoint<T>(
        this IKafkaTopicEndpointConnector connector,
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(connector);
        return connector.ConnectTopicEndpoint(topicName, consumerConfig, configure);
    }
}
