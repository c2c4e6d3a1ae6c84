namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Finds the key of each message by a resolver.</summary>
internal sealed class KeyedTopicProducer<TKey, TValue>(ITopicProducer<TKey, TValue> producer, KafkaKeyResolver<TKey, TValue> resolver)
    : ITopicProducer<TValue>
    where TValue : class
{
    private readonly IPipe<KafkaSendContext<TKey, TValue>> _resolve = Pipe.Execute<KafkaSendContext<TKey, TValue>>(context =>
        context.Key = resolver(context)
    );

    public Task Produce(TValue message, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, message, _resolve, cancellationToken);

    public Task Produce(TValue message, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, message, Resolving(pipe), cancellationToken);

    public Task Produce(object values, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, values, _resolve, cancellationToken);

    public Task Produce(object values, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, values, Resolving(pipe), cancellationToken);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producer.ConnectSendObserver(observer);

    private IPipe<KafkaSendContext<TKey, TValue>> Resolving(IPipe<KafkaSendContext<TValue>> pipe) =>
        Pipe.ExecuteAsync<KafkaSendContext<TKey, TValue>>(async context =>
        {
            await pipe.Send(context).ConfigureAwait(false);
            context.Key = resolver(context);
        });
}
