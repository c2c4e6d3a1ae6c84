using Confluent.Kafka;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Sends bytes unchanged. Not through the bus: a dead letter may be bytes that no serializer would write, and a replay must repeat the bytes of the
/// original.
/// </summary>
/// <param name="client">The settings of all Kafka clients of this process.</param>
internal sealed class RawProducer(ClientConfig client) : IDisposable
{
    /// <summary>
    /// Far above the limit of a topic (1 MiB by default) plus the headers of a dead letter, since the broker enforces the topic's own limit.
    /// <c>Kafka:Client:message.max.bytes</c> overrides it.
    /// </summary>
    private const int LargestMessage = 16 * 1024 * 1024;

    private static readonly TimeSpan _flushTimeout = TimeSpan.FromSeconds(10);

    // The least time between two clients: a cluster that refuses every client must not get a new one for each message.
    private static readonly TimeSpan _betweenClients = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private IClient? _fatal;
    private long _openedAt;
    private bool _isDisposed;

    /// <summary>Sends one message, and returns when all in-sync replicas have acknowledged it.</summary>
    /// <exception cref="ProduceException{TKey, TValue}">
    /// There was no acknowledgement; whether the message was stored is not known. After a fatal error of the client, a later call opens another one.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The process is ending.</exception>
    public Task SendAsync(string topic, byte[]? key, byte[]? value, Headers headers, CancellationToken cancellationToken)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = key,
            Value = value,
            Headers = headers,
        };

        // Under the lock, so that no client is destroyed while a call is inside it: that would end the process with SIGSEGV. The call only puts the
        // message into a queue.
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Producer().ProduceAsync(topic, message, cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        if (_producer is not null)
            Close(_producer);
    }

    // After a fatal error, an idempotent producer refuses every further message:
    // https://github.com/confluentinc/librdkafka/blob/master/INTRODUCTION.md#fatal-errors
    private IProducer<byte[]?, byte[]?> Producer()
    {
        if (_producer is not null)
        {
            if (_producer != Volatile.Read(ref _fatal) || TimeProvider.System.GetElapsedTime(_openedAt) < _betweenClients)
                return _producer;

            // In the background: the flush fails the messages that still wait for the old client.
            var fatal = _producer;
            _ = Task.Run(() => Close(fatal));
        }

        _openedAt = TimeProvider.System.GetTimestamp();
        return _producer = Open();
    }

    private static void Close(IProducer<byte[]?, byte[]?> producer)
    {
        producer.Flush(_flushTimeout);
        producer.Dispose();
    }

    private IProducer<byte[]?, byte[]?> Open() =>
        new ProducerBuilder<byte[]?, byte[]?>(
            new ProducerConfig(new Dictionary<string, string>(client))
            {
                Acks = Acks.All,
                EnableIdempotence = true,
                LingerMs = 5,
                CompressionType = CompressionType.Lz4,
                // Short, so that health soon reports a broker that is away; callers try again.
                MessageTimeoutMs = 10_000,
                MessageMaxBytes = client.MessageMaxBytes ?? LargestMessage,
            }
        )
            .SetKeySerializer(Serializers.ByteArray!)
            .SetValueSerializer(Serializers.ByteArray!)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler(
                (failed, error) =>
                {
                    if (error.IsFatal)
                        Volatile.Write(ref _fatal, failed);
                }
            )
            .Build();
}
