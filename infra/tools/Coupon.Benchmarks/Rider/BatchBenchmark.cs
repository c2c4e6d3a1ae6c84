using System.Text.Json;
using Confluent.Kafka;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;
using MassTransit;

namespace Coupon.Benchmarks.Rider;

/// <summary>Consuming: the client alone with JSON, and the rider's batches of 500 and of 1,000.</summary>
internal sealed class BatchBenchmark(IKafkaServer kafka, int messages, int partitions)
{
    private const string Raw = "consume: client alone and JSON";

    // Otherwise a lost message would block for ever.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public async Task<IReadOnlyList<Row>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var topic = $"consume-{Guid.NewGuid():N}";
        await kafka.CreateTopicAsync(topic, partitions, cancellationToken);
        using (var producer = new RawProducer(kafka.ConnectionString, topic))
        {
            foreach (var part in Enumerable.Range(0, messages).Chunk(10_000))
                await Task.WhenAll(part.Select(producer.Produce));
        }

        (string Name, Func<Task<(double Microseconds, double Bytes)>> Measure)[] contenders =
        [
            (Raw, () => Task.Run(() => ConsumeRaw(topic, cancellationToken), cancellationToken)),
            ("consume: rider, batches of 500", () => ConsumeBatches(topic, 500, cancellationToken)),
            ("consume: rider, batches of 1,000", () => ConsumeBatches(topic, 1000, cancellationToken)),
        ];
        var costs = new MessageCosts(Raw);
        await costs.MeasureAsync(contenders, rounds);
        return costs.Rows();
    }

    private (double Microseconds, double Bytes) ConsumeRaw(string topic, CancellationToken cancellationToken)
    {
        GC.Collect();
        var meter = new Meter();
        using var consumer = new ConsumerBuilder<long, byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = kafka.ConnectionString,
                GroupId = $"raw-{Guid.NewGuid():N}",
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoOffsetStore = false,
            }
        ).Build();
        consumer.Subscribe(topic);
        var batch = new List<Ticket>(1000);
        var last = TimeProvider.System.GetTimestamp();
        for (var consumed = 0; consumed < messages; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result)
            {
                if (TimeProvider.System.GetElapsedTime(last) > _patience)
                    throw new TimeoutException($"Only {consumed:N0} of {messages:N0} messages were consumed.");
                continue;
            }

            consumed++;
            if (consumed % 1000 == 0)
                last = TimeProvider.System.GetTimestamp();
            batch.Add(JsonSerializer.Deserialize<Ticket>(result.Message.Value, JsonSerializerOptions.Web)!);
            if (batch.Count < 1000)
                continue;
            batch.Clear();
            consumer.StoreOffset(result);
        }

        consumer.Close();
        return meter.Per(messages);
    }

    private async Task<(double Microseconds, double Bytes)> ConsumeBatches(string topic, int size, CancellationToken cancellationToken)
    {
        GC.Collect();
        var counter = new Counter(messages);
        var meter = new Meter();
        await using var host = await RiderHost.StartAsync(
            kafka.ConnectionString,
            rider => rider.AddConsumer<CountingConsumer>(consumer => consumer.Options<BatchOptions>(options => options.SetMessageLimit(size))),
            (context, cluster) => cluster.TopicEndpoint<long, Ticket>(topic, $"rider-{Guid.NewGuid():N}", endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.ConfigureConsumer<CountingConsumer>(context);
                }),
            services => services.AddSingleton(counter)
        );
        await counter.WaitAsync(cancellationToken);
        return meter.Per(messages);
    }
}
