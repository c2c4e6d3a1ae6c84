using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A producer none of whose messages arrives, though the broker answers.</summary>
public sealed class SilentProducerTests
{
    private const int Produce = 0;
    private const int NotLeader = 6;

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_producer_whose_messages_all_time_out_while_the_broker_answers_is_degraded_and_replaced()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("silent");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await using var bus = await RiderBus
            .Create(kafka, rider => rider.AddProducer<long, Seat>(topic, (_, producer) => producer.MessageTimeout = TimeSpan.FromSeconds(3)))
            .StartAsync();
        await bus.ProduceAsync(topic, 1, 1);
        await kafka.PushRequestErrorsAsync(Produce, [.. Enumerable.Repeat(NotLeader, 5000)]);

        var timedOut = 0;
        await Servers.Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    await bus.ProduceAsync(topic, 2, 2);
                }
                catch (KafkaException exception) when (exception.Error.Code == ErrorCode.Local_MsgTimedOut)
                {
                    if (++timedOut == 1)
                        Assert.Equal(BusHealthStatus.Degraded, bus.Bus.CheckHealth().Status);
                }

                return bus.Logs.Contains("the producer is given up");
            },
            "the producer is given up"
        );
        Assert.True(timedOut >= 2);

        await kafka.ClearRequestErrorsAsync(Produce);
        await bus.ProduceAsync(topic, 3, 3).WaitAsync(TimeSpan.FromSeconds(20), _cancellation);
        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
    }
}
