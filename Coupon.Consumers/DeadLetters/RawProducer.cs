using Confluent.Kafka;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Sends bytes as they are. Not through the bus: a dead letter may be bytes that no serializer would write, and a replay must be the
/// message that was, not one that means the same.
/// </summary>
/// <param name="client">What all clients of this process have in common.</param>
internal sealed class RawProducer(ClientConfig client) : IDisposable
{
    /// <summary>
    /// Far above what a topic takes (1 MiB by default) plus the headers of a dead letter: what is too large is for the broker to say, who knows his
    /// topics.
    /// <c>Kafka:Client:message.max.bytes</c> overrides it.
    /// </summary>
    private const int LargestMessage = 16 * 1024 * 1024;

    private static readonly TimeSpan _flushTimeout = TimeSpan.FromSeconds(10);

    // A cluster that refuses every client is not asked by another one for each message.
    private static readonly TimeSpan _betweenClients = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private IClient? _fatal;
    private long _openedAt;

    /// <returns>When the broker has acknowledged it with all in-sync replicas.</returns>
    /// <exception cref="ProduceException{TKey, TValue}">
    /// It has not; whether it was stored is not known. Where the client gave up for good, another one is opened for a later call.
    /// </exception>
    public Task SendAsync(string topic, byte[]? key, byte[]? value, Headers headers, CancellationToken cancellationToken) =>
        Producer()
            .ProduceAsync(
                topic,
                new Message<byte[]?, byte[]?>
                {
                    Key = key,
                    Value = value,
                    Headers = headers,
                },
                cancellationToken
            );

    public void Dispose()
    {
        if (_producer is not null)
            Close(_producer);
    }

    // An idempotent client that met something it cannot go on behind refuses every message from then on, whatever is put right outside.
    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_lock)
        {
            if (_producer is not null)
            {
                if (_producer != Volatile.Read(ref _fatal) || TimeProvider.System.GetElapsedTime(_openedAt) < _betweenClients)
                    return _producer;

                // Apart: whoever still waits for it is told by the flush.
                var fatal = _producer;
                _ = Task.Run(() => Close(fatal));
            }

            _openedAt = TimeProvider.System.GetTimestamp();
            return _producer = Open();
        }
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
                // Short, so that a broker that is away is noticed and said; whoever calls tries again.
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
