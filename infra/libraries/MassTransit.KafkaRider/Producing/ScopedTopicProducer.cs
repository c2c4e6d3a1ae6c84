namespace MassTransit.KafkaIntegration.Producing;

/// <summary>A producer in a scope.</summary>
internal sealed class ScopedTopicProducer<TKey, TValue>(ITopicProducer<TKey, TValue> producer, ScopeSendPipe scope) : ITopicProducer<TKey, TValue>
    where TValue : class
{
    private readonly ScopeSendPipe<TKey, TValue> _scopeOnly = new(scope, null);

    public Task Produce(TKey key, TValue value, CancellationToken cancellationToken = default) =>
        producer.Produce(key, value, _scopeOnly, cancellationToken);

    public Task Produce(TKey key, TValue value, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(key, value, new ScopeSendPipe<TKey, TValue>(scope, pipe), cancellationToken);

    public Task Produce(TKey key, object values, CancellationToken cancellationToken = default) =>
        producer.Produce(key, values, _scopeOnly, cancellationToken);

    public Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(key, values, new ScopeSendPipe<TKey, TValue>(scope, pipe), cancellationToken);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producer.ConnectSendObserver(observer);
}
