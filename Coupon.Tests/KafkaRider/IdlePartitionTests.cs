using Confluent.Kafka;
using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>A partition in which nothing happens while a group begins with it.</summary>
public sealed class IdlePartitionTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Fact]
    public async Task Where_a_group_began_at_the_end_is_committed_so_that_what_comes_while_nobody_reads_is_its_own()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("idle", 1);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        var endpoint = new SeatEndpoint(topic, _log) { Configure = settings => settings.AutoOffsetReset = AutoOffsetReset.Latest };
        await using (await endpoint.Batches(kafka).StartAsync())
            await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0] == 10, timeoutSeconds: 20);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 11, 12);

        await using var bus = await endpoint.Batches(kafka).StartAsync();

        await Eventually.IsTrueAsync(() => _log.Handled.Count >= 2);
        Assert.Equal([11, 12], _log.Handled);
    }
}
