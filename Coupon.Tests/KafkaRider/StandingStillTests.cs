using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.KafkaRider;

/// <summary>Partitions that make no progress while messages wait.</summary>
public sealed class StandingStillTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_partition_that_makes_no_progress_is_told_by_health_by_a_metric_and_by_one_warning(bool batches, bool throws)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("still", 1);
        using var metrics = new MeasuredMetrics(topic);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task Handle(int number)
        {
            if (number < 10 || release.Task.IsCompleted)
                return Task.CompletedTask;
            return throws ? throw new InvalidOperationException("poison") : release.Task;
        }

        var endpoint = new SeatEndpoint(topic, _log)
        {
            Batch = 1,
            Configure = settings => settings.ReportNoProgressAfter(TimeSpan.FromSeconds(1)),
            ConfigureConsumer = consumer => consumer.UseMessageRetry(retry => retry.Interval(3, TimeSpan.FromMilliseconds(50))),
            OnBatch = context => Handle(context.Message[0].Message.Number),
            OnMessage = context => Handle(context.Message.Number),
        };
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await bus.ProduceAsync(topic, 1, 9);
        await _log.AllAsync(9);
        await bus.ProduceAsync(topic, 10, 20, _ => 1);

        await Eventually.IsTrueAsync(() => Says(bus, "No progress for 00:00:01"), timeoutSeconds: 20, bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => metrics.Observe("oldest_uncommitted_age") > 1.5);
        Assert.Single(Warnings(bus));

        release.SetResult();
        await _log.AllAsync(20);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Healthy, timeoutSeconds: 20, bus.Logs.ToString);
        Assert.Single(Warnings(bus));
        await Eventually.IsTrueAsync(() => metrics.Observe("oldest_uncommitted_age") == 0);
        Assert.True(bus.Logs.Contains("no partition stands still any more"));
    }

    [Fact]
    public async Task The_lag_is_shown_after_another_bus_has_ended_and_after_a_rebalance()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("lasting", 2);
        using var metrics = new MeasuredMetrics(topic);
        var endpoint = new SeatEndpoint(topic, _log);
        await using (var warmUp = await endpoint.Batches(kafka).StartAsync())
        {
            await warmUp.ProduceAsync(topic, 1, 10);
            await _log.AllAsync(10);
        }

        var release = new TaskCompletionSource();
        await using var bus = await (endpoint with { OnBatch = _ => release.Task }).Batches(kafka).StartAsync();
        await bus.ProduceAsync(topic, 11, 110);
        await Eventually.IsTrueAsync(() => metrics.Observe("lag") == 100, otherwise: () => $"{metrics.Observe("lag")}");

        // Another member comes and goes.
        var other = await (endpoint with { OnBatch = _ => release.Task }).Batches(kafka).StartAsync();
        await other.DisposeAsync();
        await Eventually.IsTrueAsync(() => metrics.Observe("lag") == 100, otherwise: () => $"{metrics.Observe("lag")}");
        release.SetResult();
        await _log.AllAsync(110);
        await Eventually.IsTrueAsync(() => metrics.Observe("lag") == 0, otherwise: () => $"{metrics.Observe("lag")}");
    }

    private static IEnumerable<string> Warnings(RiderBus bus) =>
        bus.Logs.AtLeast(LogLevel.Warning).Where(text => text.Contains("no progress for", StringComparison.Ordinal));

    private static bool Says(RiderBus bus, string text) =>
        bus.Bus.CheckHealth() is { Status: BusHealthStatus.Unhealthy, Endpoints: var endpoints }
        && endpoints.Values.Any(of => of.Description?.Contains(text, StringComparison.Ordinal) == true);
}
