using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration;

/// <summary>The rider of a bus: starts and stops its endpoints, and closes its producers last.</summary>
internal sealed class KafkaRider(KafkaFactoryConfigurator configurator, IBusInstance bus, ReceiveEndpointCollection endpoints, TopicProducers producers) : IKafkaRider
{
    public RiderHandle Start(CancellationToken cancellationToken = default) =>
        new KafkaRiderHandle(endpoints.StartEndpoints(cancellationToken), endpoints, producers);

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => endpoints.CheckEndpointHealth();

    public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class => producers.GetProducer<TKey, TValue>(address);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producers.ConnectSendObserver(observer);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(string topicName, string groupId,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure)
        where TValue : class =>
        ConnectTopicEndpoint(topicName, new ConsumerConfig { GroupId = groupId }, configure);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(string topicName, ConsumerConfig consumerConfig,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure)
        where TValue : class
    {
        var endpoint = configurator.CreateEndpoint<TKey, TValue>(topicName, consumerConfig, receive => configure(configurator.Context, receive));
        endpoints.Add(endpoint.EndpointName, endpoint.CreateReceiveEndpoint(bus));
        return endpoints.Start(endpoint.EndpointName, CancellationToken.None);
    }
}
