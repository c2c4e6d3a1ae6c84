using Confluent.Kafka;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Sends bytes as they are. Not through the bus: a dead letter may be bytes that no serializer would write, and a replay must be the
/// message that was, not one that means the same.
/// </summary>
internal sealed class RawProducer : IDisposable
{
    /// <summary>
    /// Far above what a topic takes (1 MiB by default) plus the headers of a dead letter: what is too large is for the broker to say, who knows his topics.
    /// <c>Kafka:Client:message.max.bytes</c> overrides it.
    /// </summary>
    private const int LargestMessage = 16 * 1024 * 1024;

    private static readonly TimeSpan _flushTimeout = TimeSpan.FromSeconds(10);

    private readonly IProducer<byte[]?, byte[]?> _producer;

    public RawProducer(ClientConfig client) =>
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig(new Dictionary<string, string>(client))
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 5,
            CompressionType = CompressionType.Lz4,
            // Short, so that a broker that is away is noticed and said; whoever calls tries again.
            MessageTimeoutMs = 10_000,
            MessageMaxBytes = client.MessageMaxBytes ?? LargestMessage,
        }).SetKeySerializer(Serializers.ByteArray!).SetValueSerializer(Serializers.ByteArray!).SetLogHandler((_, _) => { }).Build();

    /// <returns>When the broker has acknowledged it with all in-sync replicas.</returns>
    /// <exception cref="ProduceException{TKey, TValue}">It has not; whether it was stored is not known.</exception>
    public Task SendAsync(string topic, byte[]? key, byte[]? value, Headers headers, CancellationToken cancellationToken) =>
        _producer.ProduceAsync(topic, new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers }, cancellationToken);

    public void Dispose()
    {
        _producer.Flush(_flushTimeout);
        _producer.Dispose();
    }
}
