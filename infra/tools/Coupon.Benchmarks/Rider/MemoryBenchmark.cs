using System.Collections.Concurrent;
using Confluent.Kafka;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;
using MassTransit;

namespace Coupon.Benchmarks.Rider;

/// <summary>Produces and consumes many messages, and reads the resident memory after each tenth.</summary>
internal sealed class MemoryBenchmark(IKafkaServer kafka, int messages, int partitions)
{
    /// <summary>Messages of one send.</summary>
    public const int AtOnce = 10_000;

    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken cancellationToken)
    {
        var topic = $"memory-{Guid.NewGuid():N}";
        await kafka.CreateTopicAsync(topic, partitions, cancellationToken);
        var counter = new Counter(messages);
        await using var host = await RiderHost.StartAsync(
            kafka.ConnectionString,
            rider =>
            {
                rider.AddConsumer<CountingConsumer>(consumer => consumer.Options<BatchOptions>(options => options.SetMessageLimit(1000)));
                rider.AddProducer<long, Ticket>(topic, RiderHost.Producing(kafka.ConnectionString));
            },
            (context, cluster) => cluster.TopicEndpoint<long, Ticket>(topic, topic, endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.ConfigureConsumer<CountingConsumer>(context);
                }),
            services => services.AddSingleton(counter)
        );
        var producer = host.Services.GetRequiredService<IKafkaRider>().GetProducer<long, Ticket>(new Uri($"topic:{topic}"));
        var memory = new ConcurrentQueue<double>();
        for (var first = 0; first < messages; first += AtOnce)
        {
            await Task.WhenAll(
                Enumerable
                    .Range(first, Math.Min(AtOnce, messages - first))
                    .Select(number => producer.Produce(number, Ticket.Of(number), cancellationToken))
            );

            // Waits for the consumer: a mock cluster drops messages that are not read in time.
            while (counter.Count < first - (2 * AtOnce))
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
            if ((first + AtOnce) % (messages / 10) < AtOnce)
                memory.Enqueue(ProcessorTime.ResidentMegabytes(Environment.ProcessId));
        }

        await counter.WaitAsync(cancellationToken);
        var samples = memory.ToArray();
        var half = samples.Length / 2;
        return
        [
            new Row("memory: first half of a long run", "MB resident", new Samples(samples[..half])),
            new Row("memory: second half", "MB resident", new Samples(samples[half..(2 * half)]), "memory: first half of a long run"),
        ];
    }
}
