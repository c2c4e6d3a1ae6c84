using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

internal sealed class KafkaEndpointSpecification<TKey, TValue>(
    RiderSettings rider,
    string topic,
    ConsumerConfig consumer,
    Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
) : IKafkaEndpointSpecification
    where TValue : class
{
    public string EndpointName { get; } = $"{KafkaTopicAddress.PathPrefix}/{topic}/{consumer.GroupId}";

    public ReceiveEndpoint CreateReceiveEndpoint(IBusInstance bus, ProducerClients producers)
    {
        var endpoint = bus.HostConfiguration.CreateReceiveEndpointConfiguration(EndpointName, null);
        var configuration = new KafkaTopicReceiveEndpointConfiguration<TKey, TValue>(rider, bus, producers, endpoint, topic, consumer);
        configuration.ConnectReceiveEndpointObserver(rider.EndpointObservers);
        configure(configuration);
        configuration.Validate().ThrowIfContainsFailure($"The endpoint {EndpointName} is not configured rightly:");
        return configuration.Build();
    }
}
