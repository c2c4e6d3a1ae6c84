using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A message as the transport received it.</summary>
internal sealed class KafkaReceiveContext<TKey, TValue> : BaseReceiveContext, KafkaConsumeContext<TKey>
    where TValue : class
{
    private readonly ConsumeResult<byte[], byte[]> _result;
    private readonly KafkaEndpointContext<TKey, TValue> _endpoint;
    private IHeaderProvider? _headers;
    private bool _keyIsRead;
    private TKey _key = default!;

    /// <summary>
    /// Its address is the topic's, as the producer wrote it; that of the endpoint has the group in it, to be told from others of the topic.
    /// </summary>
    public KafkaReceiveContext(ConsumeResult<byte[], byte[]> result, KafkaEndpointContext<TKey, TValue> endpoint, bool redelivered)
        : base(redelivered, endpoint)
    {
        _result = result;
        _endpoint = endpoint;
        InputAddress = endpoint.AddressOf(result.Topic);
    }

    protected override IHeaderProvider HeaderProvider =>
        _headers ??= new KafkaHeaderProvider(_result.Message, _endpoint.HeadersDeserializer.Deserialize(_result.Message.Headers ?? []));

    public override MessageBody Body => new BytesMessageBody(_result.Message.Value);

    public string GroupId => _endpoint.GroupId;

    public string Topic => _result.Topic;

    public int Partition => _result.Partition.Value;

    public long Offset => _result.Offset.Value;

    public bool IsPartitionEof => false;

    public DateTime CheckpointUtcDateTime => _result.Message.Timestamp.UtcDateTime;

    /// <summary>From now on, or at once: whoever handles the message is told when nobody waits for it any more.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken cancelled) =>
        cancelled.UnsafeRegister(static state => ((KafkaReceiveContext<TKey, TValue>)state!).Cancel(), this);

    public TKey Key
    {
        get
        {
            if (_keyIsRead)
                return _key;

            // A message without a key has the default one. Kafka's deserializers of numbers would throw instead, and its consumer could never be
            // done.
            if (_result.Message.Key is null && typeof(TKey).IsValueType)
                return default!;
            _key = ReadKey();
            _keyIsRead = true;
            return _key;
        }
    }

    private TKey ReadKey()
    {
        try
        {
            return _endpoint.KeyDeserializer.Deserialize(
                _result.Message.Key,
                _result.Message.Key is null,
                new SerializationContext(MessageComponentType.Key, _result.Topic, _result.Message.Headers)
            );
        }
#pragma warning disable CA1031 // Whatever a deserializer throws says the same: this is no key.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new UnreadableKeyException(_result.TopicPartitionOffset, exception);
        }
    }
}
