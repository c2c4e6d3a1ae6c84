using System.Text.Json;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.KafkaRider;

public sealed class BrokerAwayTests
{
    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    public async Task Nothing_is_lost_while_the_broker_is_away_and_health_follows_by_itself(int seconds)
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("away");
        await kafka.CreateTopicAsync(topic, 3, _cancellation);
        await using var bus = await new SeatEndpoint(topic, _log).Batches(kafka).StartAsync();
        await bus.ProduceAsync(topic, 1, 500);
        await _log.AllAsync(500);
        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);

        await kafka.SetBrokerDownAsync();
        var producing = bus.ProduceAsync(topic, 501, 1000);
        await Eventually.IsTrueAsync(
            () => bus.Bus.CheckHealth().Status == BusHealthStatus.Unhealthy,
            timeoutSeconds: 10,
            () => bus.Bus.CheckHealth().Description + bus.Logs
        );
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, _cancellation);
        await kafka.SetBrokerUpAsync();

        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Healthy, timeoutSeconds: 15, () => bus.Logs.ToString());
        await producing;
        await _log.AllAsync(1000);
        Assert.Equal(1, bus.Logs.AtLeast(LogLevel.Warning).Count(text => text.StartsWith("No broker answers a producer", StringComparison.Ordinal)));
        Assert.Equal(1, bus.Logs.AtLeast(LogLevel.Warning).Count(text => text.EndsWith("no broker answers", StringComparison.Ordinal)));
        Assert.True(bus.Logs.AtLeast(LogLevel.Warning).Count() <= 5, bus.Logs.ToString());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    public async Task Nothing_is_lost_while_a_real_broker_is_dead(int seconds)
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "There is no Kafka installation.");
        Assert.SkipWhen(seconds > 2 && Environment.GetEnvironmentVariable("COUPON_LONG_OUTAGES") != "1", "A minute: set COUPON_LONG_OUTAGES=1.");
        await using var kafka = await LocalKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("dead");
        await kafka.CreateTopicAsync(topic, 3, _cancellation);
        await using var bus = await new SeatEndpoint(topic, _log).Batches(kafka).StartAsync();
        await bus.ProduceAsync(topic, 1, 500);
        await _log.AllAsync(500);

        await kafka.KillAsync();
        var producing = bus.ProduceAsync(topic, 501, 1000);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Unhealthy, timeoutSeconds: 10, () => bus.Logs.ToString());
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, _cancellation);
        await kafka.StartAgainAsync(_cancellation);

        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Healthy, timeoutSeconds: 30, () => bus.Logs.ToString());
        await producing;
        await _log.AllAsync(1000);
        Assert.True(bus.Logs.AtLeast(LogLevel.Warning).Count() <= 5, bus.Logs.ToString());
    }

    [Fact]
    public async Task An_endpoint_that_works_off_a_backlog_says_within_seconds_that_the_broker_is_away_and_until_it_is_back()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("backlog");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var slowly = true;
        var fetched = 0L;
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            ConfigureCluster = cluster => cluster.StatisticsInterval = TimeSpan.FromMilliseconds(100),
            Configure = endpoint =>
            {
                endpoint.SetStatisticsHandler(json => Volatile.Write(ref fetched, NextToFetch(json, topic)));

                // With the end of its session the endpoint gives its partitions up, and the backlog with them.
                endpoint.SessionTimeout = TimeSpan.FromMinutes(1);
            },
            OnBatch = async _ => await Task.Delay(TimeSpan.FromMilliseconds(Volatile.Read(ref slowly) ? 200 : 0), TimeProvider.System),
        }
            .Batches(kafka)
            .StartAsync();
        await bus.ProduceAsync(topic, 1, 1500);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref fetched) == 1500 && _log.Handled.Count >= 20);

        await kafka.SetBrokerDownAsync();
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Unhealthy, timeoutSeconds: 10, () => bus.Logs.ToString());
        var handled = _log.Handled.Count;

        // Old messages are handled all the while: they say nothing of the broker.
        await Eventually.IsTrueAsync(() =>
        {
            Assert.Equal(BusHealthStatus.Unhealthy, bus.Bus.CheckHealth().Status);
            return _log.Handled.Count > handled + 40;
        });
        Assert.InRange(_log.Handled.Count, handled + 41, 1499);
        Volatile.Write(ref slowly, false);
        await kafka.SetBrokerUpAsync();
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Healthy, timeoutSeconds: 15, () => bus.Logs.ToString());
        await _log.AllAsync(1500);
    }

    [Fact]
    public async Task Stopping_ends_in_time_and_without_an_exception_while_the_broker_is_away()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("away");
        await kafka.CreateTopicAsync(topic, 3, _cancellation);
        await using var bus = await new SeatEndpoint(topic, _log).Batches(kafka).StartAsync();
        await bus.ProduceAsync(topic, 1, 100);
        await _log.AllAsync(100);
        await kafka.SetBrokerDownAsync();
        var unacknowledged = bus.ProduceAsync(topic, 101, 110);
        using var own = new CancellationTokenSource();
        var withItsOwnToken = bus.Producer<long>(topic).Produce(111, new Seat(111), own.Token);

        var started = TimeProvider.System.GetTimestamp();
        await bus.StopAsync();

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unacknowledged.WaitAsync(TimeSpan.FromSeconds(5), _cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withItsOwnToken.WaitAsync(TimeSpan.FromSeconds(5), _cancellation));
    }

    [Fact]
    public async Task Stopping_while_a_commit_gets_no_answer_ends_in_time_and_closes_nothing_that_is_in_use()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("committing");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var fetched = 0L;
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            ConfigureCluster = cluster => cluster.StatisticsInterval = TimeSpan.FromMilliseconds(100),
            Configure = endpoint =>
            {
                endpoint.CheckpointMessageCount = 1;
                endpoint.SetStatisticsHandler(json => Volatile.Write(ref fetched, NextToFetch(json, topic)));
            },
            OnBatch = _ => Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None),
        }
            .Batches(kafka)
            .StartAsync();
        await bus.ProduceAsync(topic, 1, 500);

        // Everything is fetched, so work goes on while the broker does not answer, and each batch wants to be committed.
        await Eventually.IsTrueAsync(() => Volatile.Read(ref fetched) == 500 && _log.Handled.Count >= 50, otherwise: bus.Logs.ToString);
        kafka.Freeze();
        var handled = _log.Handled.Count;
        await Eventually.IsTrueAsync(() => _log.Handled.Count >= Math.Min(handled + 50, 500), otherwise: bus.Logs.ToString);

        await bus.StopAsync();
        kafka.Thaw();

        Assert.False(bus.Logs.Contains("ObjectDisposed"), bus.Logs.ToString());
        Assert.False(bus.Logs.Contains("a handler of"), bus.Logs.ToString());
    }

    [Fact]
    public async Task A_producer_without_brokers_is_degraded_says_so_once_and_recovers_by_itself()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("degraded");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await using var bus = await RiderBus.Create(kafka).StartAsync();
        await bus.ProduceAsync(topic, 1, 1);
        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);

        await kafka.SetBrokerDownAsync();
        var waiting = bus.ProduceAsync(topic, 2, 2);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Degraded, timeoutSeconds: 10, () => bus.Logs.ToString());
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, _cancellation);
        await kafka.SetBrokerUpAsync();

        await waiting;
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("Brokers answer the producer again"), timeoutSeconds: 15, () => bus.Logs.ToString());
        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
        Assert.StartsWith("No broker answers a producer", Assert.Single(bus.Logs.AtLeast(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_gives_up_waiting_and_the_message_is_sent_all_the_same()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("token");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await using var bus = await RiderBus.Create(kafka).StartAsync();
        await bus.ProduceAsync(topic, 1, 1);
        await kafka.SetRoundTripAsync(TimeSpan.FromSeconds(1));
        using var own = new CancellationTokenSource();
        var givenUp = bus.Producer<long>(topic).Produce(2, new Seat(2), own.Token);

        await own.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp.WaitAsync(TimeSpan.FromSeconds(5), _cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bus.Producer<long>(topic).Produce(3, new Seat(3), own.Token));
        await kafka.SetRoundTripAsync(TimeSpan.Zero);
        await bus.ProduceAsync(topic, 4, 4);
        var sent = Enumerable.Range(0, 3).Select(offset => RawKafka.Read(kafka, topic, offset: offset).Message.Value);
        Assert.Equal([1, 2, 4], sent.Select(value => JsonSerializer.Deserialize<Seat>(value, JsonSerializerOptions.Web)!.Number));
    }

    [Fact]
    public async Task A_bus_that_starts_while_the_broker_is_away_works_once_it_is_back()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("late");
        await kafka.CreateTopicAsync(topic, 3, _cancellation);
        await kafka.SetBrokerDownAsync();
        await using var bus = new SeatEndpoint(topic, _log).Batches(kafka);
        var starting = bus.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, _cancellation);
        var producing = bus.ProduceAsync(topic, 1, 100);
        await kafka.SetBrokerUpAsync();

        await Eventually.IsTrueAsync(() => starting.IsCompletedSuccessfully, timeoutSeconds: 50, bus.Logs.ToString);
        await producing;
        await _log.AllAsync(100);
    }

    /// <summary>A broker that is slow at first lets the client in before it answers whoever asks for the brokers, a second at a time.</summary>
    [Fact]
    public async Task A_bus_is_ready_once_brokers_answer_although_its_client_had_joined_before_they_did()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("joined");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await kafka.SetBrokerDownAsync();
        await using var bus = new SeatEndpoint(topic, _log).Batches(kafka);
        var starting = bus.StartAsync();
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("no broker answers"), otherwise: bus.Logs.ToString);

        await kafka.SetRoundTripAsync(TimeSpan.FromSeconds(1.5));
        await kafka.SetBrokerUpAsync();
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("partitions assigned"), otherwise: bus.Logs.ToString);
        Assert.False(bus.Logs.Contains("brokers answer again"), bus.Logs.ToString());
        Assert.False(starting.IsCompleted, bus.Logs.ToString());
        await kafka.SetRoundTripAsync(TimeSpan.Zero);

        await Eventually.IsTrueAsync(() => starting.IsCompletedSuccessfully, timeoutSeconds: 30, bus.Logs.ToString);
        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
    }

    [Fact]
    public async Task A_full_local_queue_is_a_clear_exception_at_once()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("full");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await using var bus = await RiderBus
            .Create(kafka, rider => rider.AddProducer<long, Seat>(topic, (_, producer) =>
                {
                    producer.QueueBufferingMaxMessages = 100;
                    producer.MessageTimeout = TimeSpan.FromSeconds(5);
                }))
            .StartAsync();
        await kafka.SetBrokerDownAsync();
        var producer = bus.Producer<long>(topic);
        var produced = Enumerable.Range(1, 150).Select(number => producer.Produce(number, new Seat(number), _cancellation)).ToList();

        var refused = await Assert.ThrowsAnyAsync<Confluent.Kafka.KafkaException>(() => produced[^1]);

        Assert.Equal(Confluent.Kafka.ErrorCode.Local_QueueFull, refused.Error.Code);
        Assert.Contains(topic, refused.Message, StringComparison.Ordinal);
        await kafka.SetBrokerUpAsync();
        await Task.WhenAll(produced.Take(100));
    }

    /// <summary>The offset that the client asks for next: what is before it needs no broker any more.</summary>
    private static long NextToFetch(string statistics, string topic)
    {
        using var json = JsonDocument.Parse(statistics);
        return json.RootElement.GetProperty("topics").TryGetProperty(topic, out var known)
            ? known.GetProperty("partitions").GetProperty("0").GetProperty("next_offset").GetInt64()
            : -1;
    }
}
