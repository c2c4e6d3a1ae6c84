using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>What users bring with them: tombstones, keys that are missing, and serializers that write bytes, not text.</summary>
public sealed class SerializerTests(TestServers servers)
{
    private readonly ConcurrentQueue<Change> _changes = new();

    [Fact]
    public async Task A_tombstone_is_a_message_where_the_deserializer_makes_one_of_it_and_a_null_key_is_null()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("tombstones", 1);
        await RawKafka.ProduceAsync(kafka, topic, "a"u8.ToArray(), "written"u8.ToArray());
        await RawKafka.ProduceAsync(kafka, topic, "a"u8.ToArray(), null);
        await RawKafka.ProduceAsync(kafka, topic, null, "keyless"u8.ToArray());
        await using var bus = await RiderBus
            .Create(kafka, configure: (_, cluster) => cluster.TopicEndpoint<string?, Change>(topic, $"{topic}-group", endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.SetValueDeserializer(new ChangeFormat());
                    endpoint.Handler<Change>(context =>
                    {
                        _changes.Enqueue(context.Message with { Key = context.GetKey<string?>() });
                        return Task.CompletedTask;
                    });
                }))
            .StartAsync();

        await Eventually.IsTrueAsync(() => _changes.Count == 3);

        Assert.Equal([new Change("written", "a"), new Change(null, "a"), new Change("keyless", null)], _changes);
    }

    [Fact]
    public async Task A_message_may_be_produced_as_a_tombstone_and_without_a_key()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("writing-tombstones", 1);
        await using var bus = await RiderBus
            .Create(kafka, rider => rider.AddProducer<string?, Change>(topic, (_, producer) => producer.SetValueSerializer(new ChangeFormat())))
            .StartAsync();
        var producer = bus.Rider.GetProducer<string?, Change>(new Uri($"topic:{topic}"));

        await producer.Produce("a", new Change(null));
        await producer.Produce(null, new Change("keyless"));

        var (tombstone, keyless) = (RawKafka.Read(kafka, topic).Message, RawKafka.Read(kafka, topic, offset: 1).Message);
        Assert.Equal(("a", null), (Encoding.UTF8.GetString(tombstone.Key), tombstone.Value));
        Assert.Equal((null, "keyless"), (keyless.Key, Encoding.UTF8.GetString(keyless.Value)));
    }

    [Fact]
    public async Task A_header_without_a_value_is_there_and_is_null()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("null-headers", 1);
        var seen = new TaskCompletionSource<(bool IsThere, object? Value, bool IsListed)>();
        await RawKafka.ProduceAsync(kafka, topic, null, "written"u8.ToArray(), new Confluent.Kafka.Headers { { "empty", null } });
        await using var bus = await RiderBus
            .Create(kafka, configure: (_, cluster) => cluster.TopicEndpoint<Change>(topic, $"{topic}-group", endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.SetValueDeserializer(new ChangeFormat());
                    endpoint.Handler<Change>(context =>
                    {
                        seen.TrySetResult(
                            (context.Headers.TryGetHeader("empty", out var value), value, context.Headers.Any(header => header.Key == "empty"))
                        );
                        return Task.CompletedTask;
                    });
                }))
            .StartAsync();

        Assert.Equal(
            (true, null, true),
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Bytes_that_are_no_text_arrive_as_they_were_written_also_by_a_serializer_that_is_asynchronous()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("binary", 1);
        var seats = new SeatLog();
        var format = new Framed();
        await using var bus = await RiderBus
            .Create(kafka, rider => rider.AddProducer<Guid, Seat>(topic, (_, producer) =>
                    {
                        producer.SetKeySerializer(format);
                        producer.SetValueSerializer(format);
                    }), (_, cluster) => cluster.TopicEndpoint<Guid, Seat>(topic, $"{topic}-group", endpoint =>
                    {
                        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                        endpoint.SetKeyDeserializer(format);
                        endpoint.SetValueDeserializer(format);
                        endpoint.Handler<Seat>(context =>
                        {
                            if (context.GetKey<Guid>() == KeyOf(context.Message.Number))
                                seats.Add(context.Message.Number);
                            return Task.CompletedTask;
                        });
                    }))
            .StartAsync();
        var producer = bus.Rider.GetProducer<Guid, Seat>(new Uri($"topic:{topic}"));

        await Task.WhenAll(Enumerable.Range(1, 500).Select(number => producer.Produce(KeyOf(number), new Seat(number))));

        await seats.AllAsync(500);
        var raw = RawKafka.Read(kafka, topic).Message;
        Assert.Equal(((byte)0, 16, 9), (raw.Value[0], raw.Key.Length, raw.Value.Length));
    }

    private static Guid KeyOf(int number) => new(number, 0, 0, new byte[8]);

    public sealed record Change(string? Text, string? Key = null);

    private sealed class ChangeFormat : ISerializer<Change>, IDeserializer<Change>
    {
        public byte[] Serialize(Change data, SerializationContext context) => data.Text is null ? null! : Encoding.UTF8.GetBytes(data.Text);

        public Change Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            new(isNull ? null : Encoding.UTF8.GetString(data));
    }

    /// <summary>
    /// As schema registries frame it: a zero byte, the schema's number, and the binary form. Its serializer is asynchronous, like theirs.
    /// </summary>
    private sealed class Framed : IAsyncSerializer<Seat>, IDeserializer<Seat>, IAsyncSerializer<Guid>, IDeserializer<Guid>
    {
        private const int Schema = 17;

        public async Task<byte[]> SerializeAsync(Seat data, SerializationContext context)
        {
            await Task.Yield();
            var bytes = new byte[9];
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Schema);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), data.Number);
            return bytes;
        }

        public async Task<byte[]> SerializeAsync(Guid data, SerializationContext context)
        {
            await Task.Yield();
            return data.ToByteArray();
        }

        Seat IDeserializer<Seat>.Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            BinaryPrimitives.ReadInt32BigEndian(data[1..]) == Schema
                ? new Seat(BinaryPrimitives.ReadInt32BigEndian(data[5..]))
                : throw new FormatException("Unknown schema.");

        Guid IDeserializer<Guid>.Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => new(data);
    }
}
