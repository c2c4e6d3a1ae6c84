using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>How producing fails: by its task alone, so that whoever collects tasks loses none of them.</summary>
public sealed class FailedProduceTests(TestServers servers)
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_stop_the_task_fails_and_nothing_is_thrown_before_it()
    {
        var topic = await servers.CreateTopicAsync("stopped", 1);
        await using var bus = await RiderBus.Create(await servers.KafkaAsync()).StartAsync();
        var producer = bus.Producer<long>(topic);
        await bus.StopAsync();

        var produced = producer.Produce(1, new Seat(1), _cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(() => produced);
    }

    [Fact]
    public async Task What_a_serializer_throws_fails_the_task()
    {
        var topic = await servers.CreateTopicAsync("unwritable", 1);
        await using var bus = await RiderBus
            .Create(await servers.KafkaAsync(), rider =>
                rider.AddProducer<long, Seat>(topic, (_, settings) => settings.SetValueSerializer(new Unwritable()))
            )
            .StartAsync();

        var produced = bus.Producer<long>(topic).Produce(1, new Seat(1), _cancellation);

        await Assert.ThrowsAsync<FormatException>(() => produced);
    }

    private sealed class Unwritable : ISerializer<Seat>
    {
        public byte[] Serialize(Seat data, SerializationContext context) => throw new FormatException("cannot be written");
    }
}
