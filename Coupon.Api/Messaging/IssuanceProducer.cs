using Confluent.Kafka;
using Coupon.Contracts;
using System.Text.Json;

namespace Coupon.Api.Messaging;

/// <summary>Stands in until the rider produces: the client library itself.</summary>
internal sealed class IssuanceProducer : IDisposable
{
    private readonly IProducer<long, byte[]> _p;
    private readonly string _topic;
    public IssuanceProducer(IConfiguration configuration, ProducerOptions o, TopicNames t)
    {
        _topic = t.CouponIssued;
        _p = new ProducerBuilder<long, byte[]>(new ProducerConfig { BootstrapServers = configuration.GetConnectionString("Kafka"), Acks = Acks.All, EnableIdempotence = true,
         LingerMs = o.Linger.TotalMilliseconds, BatchSize = o.BatchSize, CompressionType = o.Compression, MessageTimeoutMs = (int)o.MessageTimeout.TotalMilliseconds,
         QueueBufferingMaxMessages = o.QueueMessages, QueueBufferingMaxKbytes = o.QueueKibibytes }).SetLogHandler((a, b) => { }).SetErrorHandler((a, b) => { }).Build();
    }
    public Task ProduceAsync(CouponIssued message) => _p.ProduceAsync(_topic, new Message<long, byte[]> { Key = message.UserId, Value = JsonSerializer.SerializeToUtf8Bytes(message) });
    public void Dispose() => _p.Dispose();
}
