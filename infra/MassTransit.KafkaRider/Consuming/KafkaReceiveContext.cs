using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A message as the transport received it.</summary>
internal sealed class KafkaReceiveContext<TKey, TValue>(ConsumeResult<byte[], byte[]> result, KafkaEndpointContext<TKey, TValue> endpoint, bool redelivered)
    : BaseReceiveContext(redelivered, endpoint), KafkaConsumeContext<TKey>
    where TValue : class
{
    private IHeaderProvider? _headers;
    private bool _keyIsRead;
    private TKey _key = default!;

    protected override IHeaderProvider HeaderProvider =>
        _headers ??= new KafkaHeaderProvider(result.Message, endpoint.HeadersDeserializer.Deserialize(result.Message.Headers ?? []));

    public override MessageBody Body => new BytesMessageBody(result.Message.Value);

    public string GroupId => endpoint.GroupId;

    public string Topic => result.Topic;

    public int Partition => result.Partition.Value;

    public long Offset => result.Offset.Value;

    public bool IsPartitionEof => false;

    public DateTime CheckpointUtcDateTime => result.Message.Timestamp.UtcDateTime;

    /// <summary>From now on, or at once: whoever handles the message is told when nobody waits for it any more.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken cancelled) =>
        cancelled.UnsafeRegister(static state => ((KafkaReceiveContext<TKey, TValue>)state!).Cancel(), this);

    public TKey Key
    {
        get
        {
            if (_keyIsRead) return _key;

            // A message without a key has the default one. Kafka's deserializers of numbers would throw instead, and its consumer could never be done.
            if (result.Message.Key is null && typeof(TKey).IsValueType) return default!;
            _key = ReadKey();
            _keyIsRead = true;
            return _key;
        }
    }

    private TKey ReadKey()
    {
        try
        {
            return endpoint.KeyDeserializer.Deserialize(result.Message.Key, result.Message.Key is null,
                new SerializationContext(MessageComponentType.Key, result.Topic, result.Message.Headers));
        }
#pragma warning disable CA1031 // Whatever a deserializer throws says the same: this is no key.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new UnreadableKeyException(result.TopicPartitionOffset, exception);
        }
    }
}
