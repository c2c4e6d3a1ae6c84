using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>Partitions that are paused while a delivery does not get on: they are always read again, and never hold the others.</summary>
public sealed class PausedPartitionsTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Partitions_that_were_paused_when_another_member_came_and_went_are_read_again(bool batches)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("paused", 2);
        var away = true;
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            Configure = settings =>
            {
                settings.PrefetchCount = 20;
                settings.SessionTimeout = TimeSpan.FromSeconds(kafka.IsLossy ? 1 : 6);
                settings.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
            },
            OnBatch = _ => Volatile.Read(ref away) ? throw new InvalidOperationException("database away") : Task.CompletedTask,
            OnMessage = _ => Volatile.Read(ref away) ? throw new InvalidOperationException("database away") : Task.CompletedTask,
        };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 200, partition: 0);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 201, 400, partition: 1);
        await using var staying = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await Eventually.IsTrueAsync(() => staying.Logs.Contains("attempt 2"), otherwise: staying.Logs.ToString);

        // Longer than an endpoint waits before it pauses what it has.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, _cancellation);
        var passing = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await passing.DisposeAsync();
        Volatile.Write(ref away, false);

        await _log.AllAsync(400);
    }

    [Fact]
    public async Task Two_partitions_that_do_not_get_on_leave_a_third_one_its_way_however_many_messages_they_have()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("starving", 3);
        var away = true;
        await RawKafka.ProduceSeatsAsync(kafka, topic, 3001, 6000, partition: 0);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 6001, 9000, partition: 1);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 3000, partition: 2);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            OnMessage = context =>
                context.Message.Number % 3000 == 1 && context.Message.Number > 3000 && Volatile.Read(ref away)
                    ? throw new InvalidOperationException("not yet")
                    : Task.CompletedTask,
        }
            .Messages(kafka)
            .StartAsync();

        await _log.AllAsync(3000);
        Assert.Equal(Enumerable.Range(1, 3000), _log.Handled);

        Volatile.Write(ref away, false);
        await _log.AllAsync(9000);
        Assert.Equal(0, _log.Repeated);
    }

    [Fact]
    public async Task Fifteen_partitions_that_do_not_get_on_leave_the_sixteenth_its_way_however_few_messages_each_has()
    {
        const int healthy = 15;
        const int each = 100;
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("crowded", healthy + 1);
        var away = true;
        for (var partition = 0; partition < healthy; partition++)
            await RawKafka.ProduceSeatsAsync(kafka, topic, 301 + partition * each, 300 + (partition + 1) * each, partition: partition);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            OnMessage = context =>
                context.Message.Number > 300 && Volatile.Read(ref away) ? throw new InvalidOperationException("not yet") : Task.CompletedTask,
        }
            .Messages(kafka)
            .StartAsync();
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("attempt 4"), otherwise: bus.Logs.ToString);

        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 300, partition: healthy);

        await _log.AllAsync(300, timeoutSeconds: 20);
        Volatile.Write(ref away, false);
        await _log.AllAsync(300 + healthy * each);
        Assert.Equal(0, _log.Repeated);
    }
}
