using Confluent.Kafka;
using MassTransit.Context;

namespace MassTransit.KafkaIntegration.Producing;

internal sealed class KafkaMessageSendContext<TKey, TValue>(
    TKey key,
    TValue value,
    IAsyncSerializer<TKey> keySerializer,
    IAsyncSerializer<TValue> valueSerializer,
    CancellationToken cancellationToken
) : MessageSendContext<TValue>(value, cancellationToken), KafkaSendContext<TKey, TValue>
    where TValue : class
{
    public Partition Partition { get; set; } = Partition.Any;

    public TKey Key { get; set; } = key;

    public IAsyncSerializer<TKey> KeySerializer { get; set; } = keySerializer;

    public IAsyncSerializer<TValue> ValueSerializer { get; set; } = valueSerializer;
}
