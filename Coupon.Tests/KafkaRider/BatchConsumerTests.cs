using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

public sealed class BatchConsumerTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Fact]
    public async Task MassTransit_s_retry_on_the_endpoint_is_the_batch_consumer_s_too()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("endpoint-retry", 1);
        var attempts = 0;
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 50);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint => endpoint.UseMessageRetry(retry => retry.Immediate(3)),
            OnBatch = _ =>
                Interlocked.Increment(ref attempts) <= 2 ? throw new InvalidOperationException("retried by the filter") : Task.CompletedTask,
        }
            .Batches(kafka)
            .StartAsync();

        await _log.AllAsync(50);

        Assert.False(bus.Logs.Contains("delivery of"), bus.Logs.ToString());
    }

    [Fact]
    public async Task Every_message_is_handled_once_and_batches_are_full_while_there_is_a_backlog()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("backlog", 3);
        await using var bus = new SeatEndpoint(topic, _log).Batches(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 3000);
        await bus.StartAsync();

        await _log.AllAsync(3000);

        Assert.Equal(0, _log.Repeated);
        Assert.True(_log.BatchSizes.Count(size => size == 100) >= 25, string.Join(' ', _log.BatchSizes));
    }

    [Fact]
    public async Task With_default_settings_one_key_gets_full_batches_too()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("one-key", 1);
        await using var bus = new SeatEndpoint(topic, _log).Batches(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1000, _ => 1);
        await bus.StartAsync();

        await _log.AllAsync(1000);

        Assert.Equal(Enumerable.Range(1, 1000), _log.Handled);
        Assert.True(_log.BatchSizes.Count(size => size == 100) >= 8, string.Join(' ', _log.BatchSizes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_batch_that_throws_is_delivered_again_nothing_is_lost_and_the_order_is_kept(int throws)
    {
        var kafka = await servers.KafkaAsync();
        var left = throws;
        var topic = await servers.CreateTopicAsync("throws", 1);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            OnBatch = context =>
                context.Message.Any(message => message.Message.Number == 250) && Interlocked.Decrement(ref left) >= 0
                    ? throw new InvalidOperationException("not yet")
                    : Task.CompletedTask,
        }
            .Batches(kafka)
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1000, _ => 1);

        await _log.AllAsync(1000);

        Assert.Equal(Enumerable.Range(1, 1000), _log.Handled);
    }

    [Fact]
    public async Task While_a_batch_does_not_get_on_only_its_neighbours_are_delivered_and_nothing_runs_ahead()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("neighbours", 1);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rounds = new LoopRounds();
        await using var bus = new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            BatchesAtOnce = 3,
            ConfigureCluster = LoopRounds.Configure,
            Configure = rounds.Count,
            OnBatch = context => context.Message.Any(message => message.Message.Number == 5) ? released.Task : Task.CompletedTask,
        }.Batches(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1000, _ => 1);
        await bus.StartAsync();

        await Eventually.IsTrueAsync(() => _log.Handled.Count == 20, 30, () => $"{_log.Handled.Count} handled");
        await rounds.SomeMoreAsync();
        Assert.Equal(Enumerable.Range(11, 20), _log.Handled.Order());

        released.SetResult();
        await _log.AllAsync(1000);
        Assert.Equal(0, _log.Repeated);
    }

    [Fact]
    public async Task A_batch_that_always_throws_is_never_skipped_and_whoever_comes_next_gets_it()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("always", 1);
        var attempts = 0;
        var endpoint = new SeatEndpoint(topic, _log);
        await using (
            var failing = await (
                endpoint with
                {
                    OnBatch = context =>
                        context.Message.Any(message => message.Message.Number == 500) && Interlocked.Increment(ref attempts) > 0
                            ? throw new InvalidOperationException("never")
                            : Task.CompletedTask,
                }
            )
                .Batches(kafka)
                .StartAsync()
        )
        {
            await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1000, _ => 1);
            await Eventually.IsTrueAsync(() => attempts >= 4);
        }

        Assert.True(RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0] < 500);
        await using var next = await endpoint.Batches(kafka).StartAsync();
        await _log.AllAsync(1000);
        Assert.Equal(0, _log.Repeated);
    }

    [Fact]
    public async Task A_retry_longer_than_the_poll_interval_keeps_the_membership()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("patience", 2);
        var failUntil = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(18);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint => endpoint.MaxPollInterval = TimeSpan.FromSeconds(6),
            OnBatch = _ => TimeProvider.System.GetUtcNow() < failUntil ? throw new InvalidOperationException("database away") : Task.CompletedTask,
        }
            .Batches(kafka)
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 500);

        await _log.AllAsync(500);

        Assert.Equal(0, _log.Repeated);
        Assert.Equal(1, bus.Logs.Entries.Count(entry => entry.Text.Contains("partitions assigned", StringComparison.Ordinal)));
        Assert.False(bus.Logs.Contains("partitions lost"), bus.Logs.ToString());
    }

    [Fact]
    public async Task A_handler_that_takes_longer_than_the_poll_interval_keeps_the_membership_and_offsets_are_committed_meanwhile()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("slow", 1);
        var release = new TaskCompletionSource();
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint => endpoint.MaxPollInterval = TimeSpan.FromSeconds(6),
            OnBatch = context => context.Message.Any(message => message.Message.Number > 100) ? release.Task : Task.CompletedTask,
        }
            .Batches(kafka)
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 100, _ => 1);
        await _log.AllAsync(100);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 101, 400, _ => 1);

        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0] == 100);
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System, TestContext.Current.CancellationToken);
        release.SetResult();

        await _log.AllAsync(400);
        Assert.Equal(0, _log.Repeated);
        Assert.False(bus.Logs.Contains("partitions lost"), bus.Logs.ToString());
    }

    [Fact]
    public async Task Offsets_are_committed_by_time_when_no_further_message_arrives()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("idle", 1);
        await using var bus = await new SeatEndpoint(topic, _log).Batches(kafka).StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 7, _ => 1);
        await _log.AllAsync(7);

        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0] == 7, timeoutSeconds: 20);
    }

    [Fact]
    public async Task A_batch_that_nobody_waits_for_any_more_sees_it_by_its_token_also_where_it_asks_for_it_late()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("abandoned", 1);
        var entered = new TaskCompletionSource();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new TaskCompletionSource<List<bool>>();
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 3,
            TimeLimit = TimeSpan.FromSeconds(5),
            OnBatch = async context =>
            {
                entered.TrySetResult();
                await released.Task;

                // Told on the thread pool, a moment after it was decided.
                await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, context.CancellationToken)
                    .ContinueWith(static _ => { }, TaskScheduler.Default);
                seen.TrySetResult([
                    context.CancellationToken.IsCancellationRequested,
                    .. context.Message.Select(message => message.CancellationToken.IsCancellationRequested),
                ]);
            },
        }
            .Batches(kafka)
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 3);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var stopping = bus.Bus.StopAsync(patience.Token);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("are abandoned"), otherwise: bus.Logs.ToString);
        released.SetResult();

        Assert.Equal([true, true, true, true], await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await Task.WhenAny(stopping);
    }

    [Fact]
    public async Task A_stop_that_takes_longer_than_the_poll_interval_commits_what_it_finishes()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("slow-stop", 1);

        // A real broker allows no less.
        var seconds = TimeSpan.FromSeconds(kafka.IsLossy ? 1.5 : 6);
        var entered = new TaskCompletionSource();
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 3,
            TimeLimit = TimeSpan.FromSeconds(5),
            Configure = endpoint =>
            {
                endpoint.SessionTimeout = seconds;
                endpoint.MaxPollInterval = seconds;
            },
            OnBatch = async _ =>
            {
                entered.TrySetResult();
                await Task.Delay(seconds + TimeSpan.FromSeconds(2.5), TimeProvider.System);
            },
        }
            .Batches(kafka)
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 3);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        await bus.StopAsync();

        Assert.Equal(3, _log.Handled.Count);
        Assert.Equal(3, RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0]);
        Assert.False(bus.Logs.Contains("partitions lost"), bus.Logs.ToString());
    }

    [Fact]
    public async Task A_consumers_own_filters_work_on_batches()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("filters", 1);
        var attempts = 0;
        await using var bus = await RiderBus
            .Create(kafka, configure: (_, cluster) => cluster.TopicEndpoint<Seat>(topic, $"{topic}-group", endpoint =>
                {
                    endpoint.AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest;
                    endpoint.Consumer(
                        () =>
                            new SeatBatchConsumer(_log, _ =>
                                Interlocked.Increment(ref attempts) < 3
                                    ? throw new InvalidOperationException("retried by the filter")
                                    : Task.CompletedTask
                            ),
                        consumer =>
                        {
                            consumer.Options<BatchOptions>(options => options.SetMessageLimit(10).SetTimeLimit(TimeSpan.FromMilliseconds(50)));
                            consumer.UseMessageRetry(retry => retry.Immediate(5));
                        }
                    );
                }))
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);

        await _log.AllAsync(10);

        Assert.True(attempts >= 3);
        Assert.False(bus.Logs.Contains("delivery of"), bus.Logs.ToString());
    }
}
