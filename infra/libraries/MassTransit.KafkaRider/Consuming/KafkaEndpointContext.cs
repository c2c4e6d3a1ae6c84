using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Observables;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What the parts of an endpoint share. What consumers send or publish goes to the bus.</summary>
internal sealed class KafkaEndpointContext<TKey, TValue>(
    IBusInstance bus,
    IReceiveEndpointConfiguration configuration,
    string topic,
    string groupId,
    IHeadersDeserializer headersDeserializer,
    IDeserializer<TKey> keyDeserializer,
    IDeserializer<TValue> valueDeserializer
) : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
    where TValue : class
{
    private readonly ConcurrentDictionary<string, Uri> _addresses = new();

    public string Topic => topic;
    public string GroupId => groupId;

    /// <summary>The address of a topic: with a pattern, there are several.</summary>
    public Uri AddressOf(string name) =>
        _addresses.GetOrAdd(name, static (topic, host) => new KafkaTopicAddress(host, topic), bus.HostConfiguration.HostAddress);

    public IHeadersDeserializer HeadersDeserializer => headersDeserializer;
    public IDeserializer<TKey> KeyDeserializer => keyDeserializer;
    public IDeserializer<TValue> ValueDeserializer => valueDeserializer;
    public ReceiveObservable Receiving { get; } = configuration.ReceiveObservers;

    public override void AddSendAgent(IAgent agent) => throw new NotSupportedException("A topic endpoint sends through the bus.");

    public override void AddConsumeAgent(IAgent agent) => throw new NotSupportedException("A topic endpoint has no agents.");

    public override Exception ConvertException(Exception exception, string message) => new KafkaConnectionException(message, exception);

    protected override ISendEndpointProvider CreateSendEndpointProvider() => bus.Bus;

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => bus.Bus;

    protected override ISendTransportProvider CreateSendTransportProvider() =>
        throw new NotSupportedException("A topic endpoint sends through the bus.");

    protected override IPublishTransportProvider CreatePublishTransportProvider() =>
        throw new NotSupportedException("A topic endpoint publishes through the bus.");
}
