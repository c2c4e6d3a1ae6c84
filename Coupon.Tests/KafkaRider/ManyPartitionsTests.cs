using System.Collections.Concurrent;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

public sealed class ManyPartitionsTests(TestServers servers, ITestOutputHelper output)
{
    private const int Partitions = 1000;
    private const int Seats = 10_000;

    private readonly SeatLog _log = new();

    [Fact]
    public async Task A_thousand_partitions_worth_of_keys_come_in_full_batches_each_partition_in_order()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("many", Partitions);
        ConcurrentQueue<(int Partition, long Offset, int Number)> seen = [];
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Batch = 500,

            // Not about membership: whoever has lost its session, on a machine that starves the broker, handles again what it had not committed.
            Configure = settings => settings.SessionTimeout = TimeSpan.FromMinutes(1),
            OnBatch = context =>
            {
                foreach (var message in context.Message)
                    seen.Enqueue((message.Partition()!.Value, message.Offset()!.Value, message.Message.Number));
                return Task.CompletedTask;
            },
        };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, Seats);
        string logs;
        await using (var bus = await endpoint.Batches(kafka).StartAsync())
        {
            await _log.AllAsync(Seats);
            logs = bus.Logs.ToString()!;
        }

        output.WriteLine(logs);
        var twice = seen.GroupBy(seat => (seat.Partition, seat.Offset)).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        Assert.True(_log.Repeated == 0, $"{_log.Repeated} came twice, first {twice.FirstOrDefault()}, in {twice.Count} places. {logs}");
        Assert.True(seen.Select(seat => seat.Partition).Distinct().Count() > Partitions * 0.99);
        Assert.All(seen.GroupBy(seat => seat.Partition), part =>
            Assert.Equal(part.Select(seat => seat.Offset).Order(), part.Select(seat => seat.Offset))
        );
        Assert.True(_log.BatchSizes.Count(size => size == 500) >= Seats / 500 / 2, string.Join(' ', _log.BatchSizes));
        Assert.Equal(Seats, RawKafka.Committed(kafka, topic, endpoint.Group, Partitions).Sum());
    }
}
