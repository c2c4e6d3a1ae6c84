using Confluent.Kafka;

namespace MassTransit;

/// <summary>Adds topic endpoints to a bus that is running.</summary>
public interface IKafkaTopicEndpointConnector
{
    /// <summary>Starts consuming a topic.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="groupId">The consumer group.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="TValue">Type of the message.</typeparam>
    /// <returns>Tells when it is ready, and stops it.</returns>
    HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;

    /// <summary>Starts consuming a topic, with client settings of one's own.</summary>
    /// <param name="topicName">The topic.</param>
    /// <param name="consumerConfig">Client settings; <c>GroupId</c> is required.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="TValue">Type of the message.</typeparam>
    /// <returns>Tells when it is ready, and stops it.</returns>
    HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;
}
