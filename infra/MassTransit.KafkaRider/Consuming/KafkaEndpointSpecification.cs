using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

internal sealed class KafkaEndpointSpecification<TKey, TValue>(KafkaFactoryConfigurator rider, string topic, ConsumerConfig consumer,
    Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure) : IKafkaEndpointSpecification
    where TValue : class
{
    public string EndpointName { get; } = $"{KafkaAddress.Prefix}/{topic}/{consumer.GroupId}";

    public ReceiveEndpoint CreateReceiveEndpoint(IBusInstance bus)
    {
        var endpoint = bus.HostConfiguration.CreateReceiveEndpointConfiguration(EndpointName, null);
        var configuration = new KafkaTopicReceiveEndpointConfiguration<TKey, TValue>(rider, bus, endpoint, topic, consumer);
        configuration.ConnectReceiveEndpointObserver(rider.EndpointObservers);
        configure(configuration);
        configuration.Validate().ThrowIfContainsFailure($"The endpoint {EndpointName} is not configured rightly:");
        return configuration.Build();
    }
}
