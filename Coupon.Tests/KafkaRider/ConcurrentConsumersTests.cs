using System.Collections.Concurrent;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

public sealed class ConcurrentConsumersTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_concurrent_consumer_limit_of_two_joins_twice_and_handles_two_partitions_side_by_side()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("side-by-side", 2);
        var inside = 0;
        var both = new TaskCompletionSource();
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint => endpoint.ConcurrentConsumerLimit = 2,
            OnBatch = async _ =>
            {
                if (Interlocked.Increment(ref inside) == 2)
                    both.TrySetResult();
                await both.Task.WaitAsync(TimeSpan.FromSeconds(60), _cancellation);
                Interlocked.Decrement(ref inside);
            },
        }
            .Batches(kafka)
            .StartAsync();
        await Eventually.IsTrueAsync(
            () => Assigned(bus).TakeLast(2).Order(StringComparer.Ordinal).SequenceEqual(["0", "1"]),
            otherwise: () => bus.Logs.ToString()
        );

        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 100);

        await _log.AllAsync(100);
        Assert.Equal(0, _log.Repeated);
    }

    [Fact]
    public async Task A_static_member_that_restarts_within_its_session_gets_its_partitions_back_and_nobody_else_notices()
    {
        var kafka = await servers.KafkaAsync();
        Assert.SkipWhen(kafka.IsLossy, "The mock cluster does not know static members.");
        var topic = await servers.CreateTopicAsync("static", 4);
        ConcurrentQueue<string> handledBy = [];
        SeatEndpoint Member(string name) =>
            new(topic, _log)
            {
                Configure = endpoint =>
                {
                    endpoint.GroupInstanceId = name;
                    endpoint.SessionTimeout = TimeSpan.FromSeconds(30);
                },
                OnMessage = context =>
                {
                    handledBy.Enqueue($"{context.Partition()} {name}");
                    return Task.CompletedTask;
                },
            };
        await using var staying = await Member("staying").Messages(kafka).StartAsync();
        await using var first = await Member("restarting").Messages(kafka).StartAsync();
        await Eventually.IsTrueAsync(() => Assigned(staying)[^1].Split(", ").Length == 2 && Assigned(first)[^1].Split(", ").Length == 2);
        var rebalances = Rebalances(staying);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 200);
        await _log.AllAsync(200);

        await first.StopAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 201, 400);
        await using var again = await Member("restarting").Messages(kafka).StartAsync();
        await _log.AllAsync(400);

        Assert.Equal(Assigned(first)[^1], Assigned(again).Single());
        Assert.Equal(rebalances, Rebalances(staying));
        Assert.Equal(4, handledBy.Distinct().Count());
        Assert.Equal(0, _log.Repeated);
    }

    private static List<string> Assigned(RiderBus bus) =>
        [
            .. bus
                .Logs.Entries.Where(entry => entry.Text.Contains("partitions assigned: ", StringComparison.Ordinal))
                .Select(entry => entry.Text[(entry.Text.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]),
        ];

    private static int Rebalances(RiderBus bus) => bus.Logs.Entries.Count(entry => entry.Text.Contains(": partitions ", StringComparison.Ordinal));
}
