using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A partition that brokers do not hand out, while they answer otherwise.</summary>
public sealed class UnreadablePartitionTests
{
    private const int Fetch = 1;
    private const int TopicAuthorizationFailed = 29;

    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_endpoint_is_unhealthy_until_a_message_comes()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("forbidden");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await using var bus = await new SeatEndpoint(topic, _log).Batches(kafka).StartAsync();
        await bus.ProduceAsync(topic, 1, 10);
        await _log.AllAsync(10);
        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);

        await kafka.PushRequestErrorsAsync(Fetch, TopicAuthorizationFailed);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Unhealthy, timeoutSeconds: 20, bus.Logs.ToString);
        await bus.ProduceAsync(topic, 11, 20);

        await _log.AllAsync(20);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Healthy, timeoutSeconds: 20, bus.Logs.ToString);
        Assert.Equal(0, _log.Repeated);
    }
}
