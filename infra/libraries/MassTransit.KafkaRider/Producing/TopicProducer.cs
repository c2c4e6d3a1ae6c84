using MassTransit.Initializers;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>The producer of one topic, outside any scope. One for the life of the bus.</summary>
internal sealed class TopicProducer<TKey, TValue>(KafkaSendTransport<TKey, TValue> transport) : ITopicProducer<TKey, TValue>
    where TValue : class
{
    public Task Produce(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return transport.Produce(key, value, null, null, cancellationToken);
    }

    public Task Produce(TKey key, TValue value, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return transport.Produce(key, value, pipe, null, cancellationToken);
    }

    public Task Produce(TKey key, object values, CancellationToken cancellationToken = default) =>
        ProduceValues(key, values, null, cancellationToken);

    public Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default) =>
        ProduceValues(key, values, pipe, cancellationToken);

    public void Connect() => transport.Connect();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => transport.ConnectSendObserver(observer);

    private async Task ProduceValues(TKey key, object values, IPipe<KafkaSendContext<TKey, TValue>>? pipe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (message, initializer) = await MessageInitializerCache<TValue>.InitializeMessage(values, cancellationToken).ConfigureAwait(false);
        await transport.Produce(key, message, pipe, initializer, cancellationToken).ConfigureAwait(false);
    }
}
