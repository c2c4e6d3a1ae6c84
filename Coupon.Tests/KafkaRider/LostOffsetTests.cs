using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.KafkaRider;

public sealed class LostOffsetTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Fact]
    public async Task Where_the_committed_offset_is_gone_and_none_may_be_chosen_instead_the_endpoint_halts_and_says_so()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("gone", 1);
        var endpoint = new SeatEndpoint(topic, _log) { Configure = settings => settings.AutoOffsetReset = AutoOffsetReset.Error };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        RawKafka.Commit(kafka, topic, endpoint.Group, 1000);

        await using var bus = await endpoint.Batches(kafka).StartAsync();

        await Eventually.IsTrueAsync(() => bus.Logs.Contains("The committed offset is no longer there"), otherwise: bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Unhealthy, otherwise: bus.Logs.ToString);
        await bus.StopAsync();
        Assert.Empty(_log.Handled);
        Assert.Equal(1000, RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0]);
    }

    [Fact]
    public async Task Where_it_goes_on_elsewhere_instead_it_warns_that_messages_may_be_gone_unread()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("gone", 1);
        var endpoint = new SeatEndpoint(topic, _log) { Configure = settings => settings.AutoOffsetReset = AutoOffsetReset.Earliest };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        RawKafka.Commit(kafka, topic, endpoint.Group, 1000);

        await using var bus = await endpoint.Batches(kafka).StartAsync();

        await Eventually.IsTrueAsync(() => _log.Handled.Count == 10, otherwise: bus.Logs.ToString);
        Assert.Contains("messages may be gone unread", Assert.Single(bus.Logs.AtLeast(LogLevel.Warning)), StringComparison.Ordinal);
    }
}
