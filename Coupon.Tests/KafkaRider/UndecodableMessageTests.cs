using System.Collections.Concurrent;
using System.Text;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

public sealed class UndecodableMessageTests(TestServers servers)
{
    private readonly SeatLog _log = new();
    private readonly ConcurrentQueue<UndecodableMessage> _kept = new();

    [Fact]
    public async Task Good_messages_are_handled_and_the_others_are_kept_with_their_bytes()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("poison", 1);
        var headers = new Confluent.Kafka.Headers { { "origin", Encoding.UTF8.GetBytes("test") } };
        await using var bus = new SeatEndpoint(topic, _log) { Configure = Keep }.Batches(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 150, _ => 1);
        await RawKafka.ProduceAsync(kafka, topic, [1, 2, 3], Encoding.UTF8.GetBytes("{\"number\":"), headers);
        await RawKafka.ProduceAsync(kafka, topic, null, []);
        await RawKafka.ProduceAsync(kafka, topic, [9], null);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 151, 300, _ => 1);
        await bus.StartAsync();

        await _log.AllAsync(300);
        await Eventually.IsTrueAsync(() => _kept.Count == 3);

        var broken = _kept.First();
        Assert.Equal((topic, 0, 150L, $"{topic}-group"), (broken.Topic, broken.Partition, broken.Offset, broken.GroupId));
        Assert.Equal([1, 2, 3], broken.Key);
        Assert.Equal("{\"number\":", Encoding.UTF8.GetString(broken.Value!));
        Assert.Equal("test", Encoding.UTF8.GetString(broken.Headers.GetLastBytes("origin")));
        Assert.Equal([150L, 151L, 152L], _kept.Select(message => message.Offset));
        Assert.Equal(0, _log.Repeated);
        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0] == 303);
    }

    [Fact]
    public async Task Single_messages_are_kept_too()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("poison-single", 1);
        await using var bus = new SeatEndpoint(topic, _log) { Configure = Keep }.Messages(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 20, _ => 1);
        await RawKafka.ProduceAsync(kafka, topic, [1], Encoding.UTF8.GetBytes("no json"));
        await RawKafka.ProduceSeatsAsync(kafka, topic, 21, 40, _ => 1);
        await bus.StartAsync();

        await _log.AllAsync(40);

        Assert.Equal(20, Assert.Single(_kept).Offset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_whose_key_cannot_be_read_is_kept_alone_as_soon_as_somebody_asks_for_the_key(bool batches)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("poison-key", 1);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = Keep,
            OnBatch = context => Task.FromResult(context.Message.Sum(message => message.GetKey<long>())),
            OnMessage = context => Task.FromResult(context.GetKey<long>()),
        };
        await using var bus = batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 20, _ => 1);
        await RawKafka.ProduceAsync(kafka, topic, [1, 2, 3], Encoding.UTF8.GetBytes("{\"number\":1000}"));
        await RawKafka.ProduceSeatsAsync(kafka, topic, 21, 40, _ => 1);
        await RawKafka.ProduceAsync(kafka, topic, [4], Encoding.UTF8.GetBytes("{\"number\":1001}"));
        await bus.StartAsync();

        await _log.AllAsync(40);

        await Eventually.IsTrueAsync(() => _kept.Count == 2);
        Assert.Equal([20L, 41L], _kept.Select(message => message.Offset));
        Assert.Equal([1, 2, 3], _kept.First().Key);
        Assert.DoesNotContain(1000, _log.Handled);
        Assert.Equal(0, _log.Repeated);
        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0] == 42);
    }

    [Fact]
    public async Task Headers_that_are_not_what_they_are_called_are_taken_for_absent()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("odd-headers", 1);
        var seen = new TaskCompletionSource<(Uri?, Guid?, Guid?)>();
        var headers = new Confluent.Kafka.Headers
        {
            { "SourceAddress", Encoding.UTF8.GetBytes("not a uri") },
            { "MessageId", Encoding.UTF8.GetBytes("not a guid") },
            { "CorrelationId", [0xff, 0xfe] },
        };
        await RawKafka.ProduceAsync(kafka, topic, null, Encoding.UTF8.GetBytes("{\"number\":1}"), headers);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            OnMessage = context =>
            {
                seen.TrySetResult((context.SourceAddress, context.MessageId, context.CorrelationId));
                return Task.CompletedTask;
            },
        }
            .Messages(kafka)
            .StartAsync();

        await _log.AllAsync(1, timeoutSeconds: 20);

        Assert.Equal((null, null, null), await seen.Task);
        Assert.False(bus.Logs.Contains("delivery of"), bus.Logs.ToString());
    }

    [Fact]
    public async Task While_the_handler_fails_the_offset_is_not_committed()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("keeper-down", 1);
        var down = true;
        var asked = 0;
        await using var bus = new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            Configure = endpoint =>
                endpoint.HandleUndecodableMessages(
                    (message, _) =>
                    {
                        Interlocked.Increment(ref asked);
                        if (Volatile.Read(ref down))
                            throw new InvalidOperationException("dead letters are away");
                        _kept.Enqueue(message);
                        return Task.CompletedTask;
                    }
                ),
        }.Batches(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 5, _ => 1);
        await RawKafka.ProduceAsync(kafka, topic, null, Encoding.UTF8.GetBytes("no json"));
        await RawKafka.ProduceSeatsAsync(kafka, topic, 6, 30, _ => 1);
        await bus.StartAsync();

        await Eventually.IsTrueAsync(() => Volatile.Read(ref asked) >= 5);
        Assert.Equal(0, RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0]);
        Volatile.Write(ref down, false);

        await _log.AllAsync(30);
        Assert.Equal(5, Assert.Single(_kept).Offset);
    }

    [Fact]
    public async Task Without_a_handler_the_endpoint_stops_and_says_so()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("no-keeper", 1);
        await using var bus = new SeatEndpoint(topic, _log) { Batch = 10 }.Batches(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 15, _ => 1);
        await RawKafka.ProduceAsync(kafka, topic, null, Encoding.UTF8.GetBytes("no json"));
        await RawKafka.ProduceSeatsAsync(kafka, topic, 16, 30, _ => 1);
        await bus.StartAsync();

        // The log first: an endpoint that has just been started may not be healthy yet either.
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("consumption stops here"), otherwise: bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Unhealthy);
        Assert.True(RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0] <= 15);
        Assert.DoesNotContain(16, _log.Handled);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task A_deserializer_that_fails_for_another_reason_than_the_bytes_is_asked_again_a_few_times(bool batches, bool forEver)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("registry", 1);
        var deserializer = new AskingDeserializer(forEver ? int.MaxValue : 3);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = settings =>
            {
                Keep(settings);
                settings.SetValueDeserializer(deserializer);
            },
        };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1);
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();

        await Eventually.IsTrueAsync(() => _kept.Count + _log.Handled.Count > 0, timeoutSeconds: 30, bus.Logs.ToString);

        Assert.Equal((forEver ? 1 : 0, forEver ? 0 : 1), (_kept.Count, _log.Handled.Count));
        Assert.Equal(forEver ? 6 : 4, deserializer.Asked);
    }

    private void Keep(IKafkaTopicReceiveEndpointConfigurator<long, Seat> endpoint) =>
        endpoint.HandleUndecodableMessages(
            (message, _) =>
            {
                _kept.Enqueue(message);
                return Task.CompletedTask;
            }
        );

    /// <summary>Asks somebody who does not answer, at first or ever.</summary>
    private sealed class AskingDeserializer(int failures) : Confluent.Kafka.IDeserializer<Seat>
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Seat Deserialize(ReadOnlySpan<byte> data, bool isNull, Confluent.Kafka.SerializationContext context) =>
            Interlocked.Increment(ref _asked) > failures
                ? System.Text.Json.JsonSerializer.Deserialize<Seat>(data, System.Text.Json.JsonSerializerOptions.Web)!
                : throw new HttpRequestException("the registry is away");
    }
}
