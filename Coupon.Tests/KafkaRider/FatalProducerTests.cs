using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

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

        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Degraded, timeoutSeconds: 15, bus.Logs.ToString);
        await bus.ProduceAsync(topic, 1, 1).WaitAsync(TimeSpan.FromSeconds(15), _cancellation);

        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
        Assert.Contains("\"number\":1", System.Text.Encoding.UTF8.GetString(RawKafka.Read(kafka, topic).Message.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_refuses_every_client_is_not_asked_by_another_one_for_each_message()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("fatal");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await kafka.PushRequestErrorsAsync(InitProducerId, [.. Enumerable.Repeat(ClusterAuthorizationFailed, 50)]);
        var time = new FakeTimeProvider();
        await using var bus = await RefusedAsync(kafka, topic, time);

        for (var clients = 2; clients <= 4; clients++)
        {
            Task[] waiting = [.. Enumerable.Range(1, 5).Select(number => bus.ProduceAsync(topic, number, number))];

            // The clock stands still. Another bus has time to open a client and to be refused meanwhile.
            await using (await RefusedAsync(kafka, topic, TimeProvider.System)) { }

            Assert.DoesNotContain(waiting, message => message.IsCompleted);
            Assert.Equal(clients - 1, Opened(bus));
            time.Advance(TimeSpan.FromSeconds(1));
            foreach (var message in waiting)
                await Assert.ThrowsAnyAsync<KafkaException>(() => message.WaitAsync(TimeSpan.FromSeconds(15), _cancellation));
            await Eventually.IsTrueAsync(() => Opened(bus) == clients, timeoutSeconds: 15, bus.Logs.ToString);
        }
    }

    private static async Task<RiderBus> RefusedAsync(IRunningServer kafka, string topic, TimeProvider time)
    {
        var bus = await RiderBus
            .Create(kafka, rider => rider.AddProducer<long, Seat>(topic), services: services => services.AddSingleton(time))
            .StartAsync();
        await Eventually.IsTrueAsync(() => Opened(bus) == 1, timeoutSeconds: 15, bus.Logs.ToString);
        return bus;
    }

    /// <summary>How many clients were opened: each of them was refused.</summary>
    private static int Opened(RiderBus bus) =>
        bus.Logs.AtLeast(LogLevel.Error).Count(text => text.StartsWith("A producer failed", StringComparison.Ordinal));
}
