using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Coupon.Benchmarks.Rider;

/// <summary>The Kafka client alone, with the headers that the rider writes.</summary>
internal sealed class RawProducer(string brokers, string topic) : IDisposable
{
    private static readonly byte[] _source = Encoding.UTF8.GetBytes("loopback://localhost/");

    private readonly byte[] _destination = Encoding.UTF8.GetBytes($"loopback://localhost/kafka/{topic}");
    private readonly IProducer<long, byte[]> _producer = new ProducerBuilder<long, byte[]>(RiderHost.Producing(brokers)).Build();

    public Task Produce(int number) =>
        _producer.ProduceAsync(
            topic,
            new Message<long, byte[]>
            {
                Key = number,
                Value = JsonSerializer.SerializeToUtf8Bytes(Ticket.Of(number), JsonSerializerOptions.Web),
                Headers = new Headers
                {
                    { "MessageId", Encoding.UTF8.GetBytes(Guid.NewGuid().ToString()) },
                    { "ConversationId", Encoding.UTF8.GetBytes(Guid.NewGuid().ToString()) },
                    { "DestinationAddress", _destination },
                    { "SourceAddress", _source },
                },
            }
        );

    public void Dispose() => _producer.Dispose();
}
