using System.Text.Json;
using Confluent.Kafka;
using Coupon.LocalServers;

namespace Coupon.Tests.KafkaRider;

/// <summary>Kafka without the rider: what really lies in a topic, and what a group has really committed.</summary>
public static class RawKafka
{
    public static async Task ProduceAsync(
        IRunningServer kafka,
        string topic,
        byte[]? key,
        byte[]? value,
        Confluent.Kafka.Headers? headers = null,
        int partition = -1
    )
    {
        using var producer = Producer(kafka);
        await producer.ProduceAsync(
            new TopicPartition(topic, partition),
            new Message<byte[], byte[]>
            {
                Key = key!,
                Value = value!,
                Headers = headers,
            }
        );
    }

    /// <summary>Produces seats first to last, as any client would: JSON, without MassTransit's headers.</summary>
    public static async Task ProduceSeatsAsync(
        IRunningServer kafka,
        string topic,
        int first,
        int last,
        Func<int, long>? key = null,
        int partition = -1
    )
    {
        using var producer = Producer(kafka);
        await Task.WhenAll(
            Enumerable
                .Range(first, last - first + 1)
                .Select(number =>
                    producer.ProduceAsync(
                        new TopicPartition(topic, partition),
                        new Message<byte[], byte[]>
                        {
                            Key = Serializers.Int64.Serialize(key?.Invoke(number) ?? number, default),
                            Value = JsonSerializer.SerializeToUtf8Bytes(new Seat(number), JsonSerializerOptions.Web),
                        }
                    )
                )
        );
    }

    public static ConsumeResult<byte[], byte[]> Read(IRunningServer kafka, string topic, int partition = 0, long offset = 0)
    {
        using var consumer = Consumer(kafka, "reader");
        consumer.Assign(new TopicPartitionOffset(topic, partition, offset));
        return consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException("There is no such message.");
    }

    /// <summary>The offset that a group goes on from, of each partition; 0 where it has committed none.</summary>
    public static long[] Committed(IRunningServer kafka, string topic, string group, int partitions)
    {
        using var consumer = Consumer(kafka, group);
        return
        [
            .. consumer
                .Committed(Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)), TimeSpan.FromSeconds(20))
                .Select(offset => Math.Max(0, offset.Offset.Value)),
        ];
    }

    /// <summary>Lets a group without members go on from there, in the first partitions.</summary>
    public static void Commit(IRunningServer kafka, string topic, string group, params long[] offsets)
    {
        using var consumer = Consumer(kafka, group);
        consumer.Commit(offsets.Select((offset, partition) => new TopicPartitionOffset(topic, partition, offset)));
    }

    /// <summary>The high watermark of each partition.</summary>
    public static long[] Ends(IRunningServer kafka, string topic, int partitions)
    {
        using var consumer = Consumer(kafka, "reader");
        return
        [
            .. Enumerable
                .Range(0, partitions)
                .Select(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), TimeSpan.FromSeconds(20)).High.Value),
        ];
    }

    private static IProducer<byte[], byte[]> Producer(IRunningServer kafka) =>
        new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.ConnectionString, MessageMaxBytes = 8_000_000 })
            .SetLogHandler((_, _) => { })
            .Build();

    private static IConsumer<byte[], byte[]> Consumer(IRunningServer kafka, string group) => new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = kafka.ConnectionString,
                GroupId = group,
                EnableAutoCommit = false,
            }
        ).SetLogHandler((_, _) => { }).Build();
}
