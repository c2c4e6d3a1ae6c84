using MassTransit.KafkaIntegration.Producing;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A topic endpoint that was asked for.</summary>
internal interface IKafkaEndpointSpecification
{
    /// <summary><c>kafka/topic/group</c>.</summary>
    string EndpointName { get; }

    ReceiveEndpoint CreateReceiveEndpoint(IBusInstance bus, ProducerClients producers);
}
