using Confluent.Kafka;
using Coupon.LocalStack;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>An idempotent producer that its client gives up for good; the mock cluster can be told to make it.</summary>
public sealed class FatalProducerTests
{
    private const int InitProducerId = 22;
    private const int ClusterAuthorizationFailed = 31;

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_fatal_error_a_producer_is_degraded_until_the_next_message_opens_another_client()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("fatal");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await kafka.PushRequestErrorsAsync(InitProducerId, ClusterAuthorizationFailed);
        await using var bus = await RiderBus.Create(kafka, rider => rider.AddProducer<long, Seat>(topic)).StartAsync();

        await Eventually.AsyncTrue(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Degraded, timeoutSeconds: 15, bus.Logs.ToString);
        await bus.ProduceAsync(topic, 1, 1).WaitAsync(TimeSpan.FromSeconds(15), _cancellation);

        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
        Assert.Contains("\"number\":1", System.Text.Encoding.UTF8.GetString(RawKafka.Read(kafka, topic).Message.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_refuses_every_client_is_not_asked_by_another_one_for_each_message()
    {
        const int Messages = 3;
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("fatal");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await kafka.PushRequestErrorsAsync(InitProducerId, [.. Enumerable.Repeat(ClusterAuthorizationFailed, 50)]);
        await using var bus = await RiderBus.Create(kafka, rider => rider.AddProducer<long, Seat>(topic)).StartAsync();
        await Eventually.AsyncTrue(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Degraded, timeoutSeconds: 15, bus.Logs.ToString);

        var started = TimeProvider.System.GetTimestamp();
        for (var message = 1; message <= Messages; message++)
            await Assert.ThrowsAnyAsync<KafkaException>(() =>
                bus.ProduceAsync(topic, message, message).WaitAsync(TimeSpan.FromSeconds(15), _cancellation)
            );

        // At least: each but the first waited until a second had passed since the client before it was opened.
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(Messages - 1));
    }
}
