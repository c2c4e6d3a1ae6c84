using Confluent.Kafka;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Registration;

/// <summary>The rider of a bus: starts and stops its endpoints, and closes its producers last.</summary>
internal sealed class KafkaRider(
    KafkaFactoryConfigurator configurator,
    IBusInstance bus,
    ReceiveEndpointCollection endpoints,
    TopicProducers producers
) : IKafkaRider, IReceiveEndpointObserver
{
    private readonly BusEndpointHealth _busHealth = BusEndpointHealth.Of(bus);
    private readonly ProducerEndpoint _producers = new(new Uri(bus.HostConfiguration.HostAddress, $"{KafkaTopicAddress.PathPrefix}-producers"));

    public RiderHandle Start(CancellationToken cancellationToken = default)
    {
        var observing = endpoints.ConnectReceiveEndpointObserver(this);
        producers.Connect();
        return new KafkaRiderHandle(endpoints.StartEndpoints(cancellationToken), endpoints, producers, observing);
    }

    /// <summary>
    /// Endpoints are unhealthy without brokers. Producers are degraded only: whoever produces can keep what it could not send, and should not be
    /// taken out of service for it.
    /// </summary>
    public IEnumerable<EndpointHealthResult> CheckEndpointHealth()
    {
        var results = endpoints.CheckEndpointHealth().ToList();
        if (producers.Clients.FindFault() is { } fault)
            results.Add(EndpointHealthResult.Degraded(_producers, fault));
        return results;
    }

    public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class => producers.GetProducer<TKey, TValue>(address);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producers.ConnectSendObserver(observer);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class => ConnectTopicEndpoint(topicName, new ConsumerConfig { GroupId = groupId }, configure);

    public HostReceiveEndpointHandle ConnectTopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IRiderRegistrationContext, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        var endpoint = configurator.CreateEndpoint<TKey, TValue>(topicName, consumerConfig, receive => configure(configurator.Context, receive));
        endpoints.Add(endpoint.EndpointName, endpoint.CreateReceiveEndpoint(bus, producers.Clients));
        return endpoints.Start(endpoint.EndpointName, CancellationToken.None);
    }

    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready) => Changed();

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted) => Changed();

    private Task Changed()
    {
        _busHealth.Follow([.. endpoints.CheckEndpointHealth()]);
        return Task.CompletedTask;
    }
}
