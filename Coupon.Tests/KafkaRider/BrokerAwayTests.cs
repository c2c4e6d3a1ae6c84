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
}
