using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;
using MassTransit;

namespace Coupon.Benchmarks.Rider;

/// <summary>Producing: the client alone, the rider outside a scope, the rider with a scope for each message as a web request has it.</summary>
internal sealed class ProduceBenchmark(IKafkaServer kafka, int messages, int partitions)
{
    private const int AtOnce = 1000;
    private const string Raw = "produce: client alone";
    private const string Unscoped = "produce: rider, singleton";
    private const string Scoped = "produce: rider, a scope each";

    public async Task<IReadOnlyList<Row>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var topic = $"produce-{Guid.NewGuid():N}";
        await kafka.CreateTopicAsync(topic, partitions, cancellationToken);
        using var raw = new RawProducer(kafka.ConnectionString, topic);
        await using var host = await RiderHost.StartAsync(
            kafka.ConnectionString,
            rider => rider.AddProducer<long, Ticket>(topic, RiderHost.Producing(kafka.ConnectionString)),
            null
        );
        var producer = host.Services.GetRequiredService<IKafkaRider>().GetProducer<long, Ticket>(new Uri($"topic:{topic}"));
        (string Name, Func<Task<(double Microseconds, double Bytes)>> Measure)[] contenders =
        [
            (Raw, () => Measure(raw.Produce)),
            (Unscoped, () => Measure(number => producer.Produce(number, Ticket.Of(number), CancellationToken.None))),
            (Scoped, () => Measure(number => InScope(host.Services, number))),
        ];
        var costs = new MessageCosts(Raw);
        await costs.MeasureAsync(contenders, rounds);
        return costs.Rows();
    }

    private static async Task InScope(IServiceProvider services, int number)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ITopicProducer<long, Ticket>>().Produce(number, Ticket.Of(number), CancellationToken.None);
    }

    private async Task<(double Microseconds, double Bytes)> Measure(Func<int, Task> produce)
    {
        GC.Collect();
        var meter = new Meter();
        var tasks = new Task[AtOnce];
        for (var first = 0; first < messages; first += AtOnce)
        {
            var count = Math.Min(AtOnce, messages - first);
            for (var i = 0; i < count; i++)
                tasks[i] = produce(first + i);
            await Task.WhenAll(tasks.AsSpan(0, count));
        }

        return meter.Per(messages);
    }
}
