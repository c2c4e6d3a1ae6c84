using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Starts the poll loops of an endpoint.</summary>
internal sealed class KafkaReceiveTransport<TValue>(ReceiveEndpointContext endpoint, ConsumerSettings settings, Func<IRecordPath<TValue>> createPath)
    : IReceiveTransport
    where TValue : class
{
    public ReceiveTransportHandle Start() => new KafkaReceiveTransportHandle<TValue>(endpoint, settings, createPath);

    public void Probe(ProbeContext context)
    {
        var scope = context.CreateScope("receiveTransport");
        scope.Add("type", "Kafka");
        scope.Add("topic", settings.Topic);
        scope.Add("groupId", settings.Client.GroupId);
    }

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => endpoint.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => endpoint.ConnectReceiveTransportObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => endpoint.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => endpoint.ConnectSendObserver(observer);
}
