using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.KafkaRider;

/// <summary>Members of a group coming and going, by id: nothing is lost, and only what was in hand comes twice.</summary>
public sealed class MembershipTests(TestServers servers)
{
    private const int Repetitions = 20;

    private readonly SeatLog _log = new();

    [Fact]
    public async Task Graceful_stops_in_the_middle_of_batches_lose_nothing_and_repeat_at_most_the_batch_in_hand()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("stops", 2);
        const int batch = 20;
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Batch = batch,
            Configure = settings => BeQuick(settings, kafka),
            OnBatch = async _ => await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System),
        };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 4000, number => number % 50);

        for (var i = 0; i < Repetitions; i++)
        {
            var handled = _log.Handled.Count;
            await using var bus = await endpoint.Batches(kafka).StartAsync();
            await Eventually.IsTrueAsync(() => _log.Handled.Count > handled || _log.Distinct.Count == 4000);
            await Task.Delay(TimeSpan.FromMilliseconds(10 + i), TimeProvider.System, TestContext.Current.CancellationToken);
            await bus.StopAsync();
            Assert.Equal(_log.Distinct.Count, RawKafka.Committed(kafka, topic, endpoint.Group, 2).Sum());
        }

        await using var last = await endpoint.Batches(kafka).StartAsync();
        await _log.AllAsync(4000);
        Assert.True(_log.Repeated <= Repetitions * batch, $"{_log.Repeated} came twice");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Consumers_joining_and_leaving_under_load_lose_nothing_and_cause_no_error_storm(int members)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("joining", 6);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Batch = 50,
            Configure = settings => BeQuick(settings, kafka),
            OnBatch = async _ => await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System),
        };
        await using var steady = await endpoint.Batches(kafka).StartAsync();
        using var load = new CancellationTokenSource();
        var producing = ProduceUntilAsync(steady, topic, load.Token);
        List<RecordedLogs> logs = [steady.Logs];
        Queue<RiderBus> passing = new();

        // A member that has started has partitions. The one that came first leaves while the next one comes.
        for (var i = 0; i < Repetitions; i++)
        {
            var leaving = passing.Count == members - 1 ? passing.Dequeue().DisposeAsync().AsTask() : Task.CompletedTask;
            var joining = endpoint.Batches(kafka);
            logs.Add(joining.Logs);
            passing.Enqueue(await joining.StartAsync());
            await leaving;
        }

        foreach (var last in passing)
            await last.DisposeAsync();
        await load.CancelAsync();
        var produced = await producing;
        await _log.AllAsync(produced);

        Assert.Empty(logs.SelectMany(log => log.AtLeast(LogLevel.Error)));
        Assert.True(
            logs.Sum(log => log.Count(LogLevel.Warning)) < Repetitions,
            string.Join('\n', logs.SelectMany(log => log.AtLeast(LogLevel.Warning)))
        );

        // The mock cluster refuses commits while a group is being divided, so there all since the last one comes again; a real broker takes them.
        if (!kafka.IsLossy)
            Assert.True(_log.Repeated <= Repetitions * 50, $"{_log.Repeated} of {produced} came twice");
    }

    [Fact]
    public async Task A_batch_whose_partitions_are_revoked_while_it_fails_is_not_committed_and_comes_to_the_other_member()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("revoked", 2);
        var failing = new SeatEndpoint(topic, new SeatLog()) { OnBatch = _ => throw new InvalidOperationException("database away") };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 400);
        await using var stuck = await failing.Batches(kafka).StartAsync();
        await Eventually.IsTrueAsync(() => stuck.Logs.Contains("delivery of"));

        await using (var other = await (failing with { Log = _log, OnBatch = null }).Batches(kafka).StartAsync())
        {
            await Eventually.IsTrueAsync(() => _log.Distinct.Count > 100);
            await stuck.StopAsync();
            await _log.AllAsync(400);
        }

        Assert.Empty(failing.Log.Handled);

        // The mock cluster refuses commits while a group is being divided; a real broker takes them.
        if (!kafka.IsLossy)
            Assert.Equal(0, _log.Repeated);
    }

    /// <summary>About as much as one member can handle, as long as the others come and go: there is always something in hand.</summary>
    /// <returns>The last number.</returns>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_new_group_of_Latest_began_with_and_failed_on_comes_to_whoever_is_next(bool batches)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("began", 1);
        var began = 0;
        var away = true;
        Task Handle(int number)
        {
            Interlocked.CompareExchange(ref began, number, 0);
            return Volatile.Read(ref away) ? throw new InvalidOperationException("database away") : Task.CompletedTask;
        }

        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = settings => settings.AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Latest,
            OnBatch = context => Handle(context.Message[0].Message.Number),
            OnMessage = context => Handle(context.Message.Number),
        };
        RiderBus Create() => batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka);
        var last = 0;
        await using (var failing = await Create().StartAsync())
        {
            await Servers.Eventually.IsTrueAsync(
                async () =>
                {
                    if (Volatile.Read(ref began) > 0)
                        return true;
                    last++;
                    await RawKafka.ProduceSeatsAsync(kafka, topic, last, last);
                    return false;
                },
                "it has begun with a message"
            );
        }

        Volatile.Write(ref away, false);
        await using var next = await Create().StartAsync();

        await Eventually.IsTrueAsync(
            () => _log.Distinct.IsSupersetOf(Enumerable.Range(began, last - began + 1)),
            timeoutSeconds: 20,
            next.Logs.ToString
        );
    }

    private static async Task<int> ProduceUntilAsync(RiderBus bus, string topic, CancellationToken ended)
    {
        const int atATime = 80;
        for (var produced = 0; ; produced += atATime)
        {
            if (ended.IsCancellationRequested)
                return produced;
            await bus.ProduceAsync(topic, produced + 1, produced + atATime);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>The mock cluster divides a group anew when a session timeout has passed; a real broker when all members have heard of it.</summary>
    private static void BeQuick(IKafkaTopicReceiveEndpointConfigurator<long, Seat> settings, IKafkaServer kafka)
    {
        settings.SessionTimeout = TimeSpan.FromSeconds(kafka.IsLossy ? 1 : 6);
        settings.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
    }
}
