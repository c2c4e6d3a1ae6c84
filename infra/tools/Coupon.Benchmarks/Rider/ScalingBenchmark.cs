using System.Diagnostics;
using Confluent.Kafka;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;
using MassTransit;

namespace Coupon.Benchmarks.Rider;

/// <summary>Handlers that wait 20 ms a batch, two partitions: one consumer against two of the group.</summary>
internal sealed class ScalingBenchmark(IKafkaServer kafka)
{
    private const int Messages = 20_000;
    private const int Batch = 100;
    private const string One = "slow handlers: one consumer";

    public async Task<IReadOnlyList<Row>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        List<double> one = [];
        List<double> two = [];
        for (var round = 0; round < rounds; round++)
        {
            one.Add(await Measure(1, cancellationToken));
            two.Add(await Measure(2, cancellationToken));
        }

        return [new Row(One, "messages / s", new Samples(one)), new Row("slow handlers: two consumers", "messages / s", new Samples(two), One)];
    }

    private async Task<double> Measure(int consumers, CancellationToken cancellationToken)
    {
        var topic = $"scaling-{Guid.NewGuid():N}";
        await kafka.CreateTopicAsync(topic, 2, cancellationToken);
        var counter = new Counter(Messages);
        await using var host = await RiderHost.StartAsync(
            kafka.ConnectionString,
            rider =>
                rider.AddConsumer<CountingConsumer>(consumer =>
                    consumer.Options<BatchOptions>(options => options.SetMessageLimit(Batch).SetTimeLimit(TimeSpan.FromMilliseconds(20)))
                ),
            (context, cluster) => cluster.TopicEndpoint<long, Ticket>(topic, topic, endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.ConcurrentConsumerLimit = (ushort)consumers;
                    endpoint.SessionTimeout = TimeSpan.FromSeconds(6);
                    endpoint.ConfigureConsumer<CountingConsumer>(context);
                }),
            services => services.AddSingleton(counter).AddSingleton(new CountingConsumer.Pause(TimeSpan.FromMilliseconds(20)))
        );
        using var producer = new RawProducer(kafka.ConnectionString, topic);

        // The group must be complete before the first message: the mock cluster admits a second member only after a session timeout.
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System, cancellationToken);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(producer.Produce));
        await counter.WaitAsync(cancellationToken);
        return Messages / watch.Elapsed.TotalSeconds;
    }
}
