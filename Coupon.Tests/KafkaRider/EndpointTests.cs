using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;
using MassTransit.Testing;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.KafkaRider;

public sealed class EndpointTests(TestServers servers)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_test_harness_sees_what_is_consumed_and_sent_and_so_does_that_of_the_consumer()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("harness", 1);
        var collection = new ServiceCollection().AddSingleton(_log);
        collection.AddMassTransitTestHarness(x =>
        {
            // The harness stops listening when it has heard nothing for a while, and joining a group is a while.
            x.SetTestTimeouts(testTimeout: _patience, testInactivityTimeout: _patience);
            x.AddRider(rider =>
            {
                rider.AddConsumer<SeatBatchConsumer>(consumer =>
                    consumer.Options<BatchOptions>(options => options.SetMessageLimit(10).SetTimeLimit(TimeSpan.FromMilliseconds(50)))
                );
                rider.AddProducer<long, Seat>(topic);
                rider.UsingKafka(
                    (context, cluster) =>
                    {
                        cluster.Host(kafka.ConnectionString);
                        cluster.TopicEndpoint<long, Seat>(topic, "harness", endpoint =>
                        {
                            endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                            endpoint.ConfigureConsumer<SeatBatchConsumer>(context);
                        });
                    }
                );
            });
        });
        collection.AddConsumerContainerTestHarness<SeatBatchConsumer>();
        await using var services = collection.BuildServiceProvider(true);
        var harness = services.GetRequiredService<ITestHarness>();
        await harness.Start();
        await using var scope = services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<ITopicProducer<long, Seat>>().Produce(1, new Seat(1), _cancellation);

        Assert.True(await harness.Sent.Any<Seat>(_cancellation));
        Assert.True(await harness.Consumed.Any<Seat>(context => context.Context.Message.Number == 1, _cancellation));
        Assert.True(await harness.GetConsumerHarness<SeatBatchConsumer>().Consumed.Any<Batch<Seat>>(_cancellation));
        await harness.Stop(_cancellation);
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_yet_is_logged_and_consumed_when_it_appears()
    {
        var kafka = await servers.KafkaAsync();
        var topic = UniqueName.From("later");
        await using var bus = await new SeatEndpoint(topic, _log).Batches(kafka).StartAsync();
        if (!kafka.IsLossy)
            await Eventually.IsTrueAsync(() => bus.Logs.Contains("does not exist"));

        await kafka.CreateTopicAsync(topic, 2, _cancellation);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 50);

        await _log.AllAsync(50);
    }

    [Fact]
    public async Task An_endpoint_with_a_dependency_consumes_when_that_is_ready()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("dependency", 1);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        var dependency = new Dependency();
        await using var waiting = new SeatEndpoint(topic, _log)
        {
            Group = topic + "-waiting",
            Configure = endpoint => endpoint.AddDependency(dependency),
        }.Messages(kafka);
        var starting = waiting.StartAsync();

        // Another group has time to join and to handle all.
        var other = new SeatLog();
        await using (await new SeatEndpoint(topic, other).Messages(kafka).StartAsync())
            await other.AllAsync(10);

        Assert.Empty(_log.Handled);
        Assert.False(starting.IsCompleted);
        dependency.Completed.SetResult();
        await starting;
        await _log.AllAsync(10);
    }

    [Fact]
    public async Task An_endpoint_connects_to_a_running_bus_and_stops_by_itself()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("connected", 1);
        await using var bus = await RiderBus.Create(kafka).StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);

        var handle = bus.Rider.ConnectTopicEndpoint<Ignore, Seat>(topic, "connected", (_, endpoint) =>
        {
            endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
            endpoint.Handler<Seat>(context =>
            {
                _log.Add(context.Message.Number);
                return Task.CompletedTask;
            });
        });
        await handle.Ready;
        await _log.AllAsync(10);
        await handle.StopAsync(_cancellation);

        Assert.Equal(10, RawKafka.Committed(kafka, topic, "connected", 1)[0]);
    }

    [Fact]
    public async Task Statistics_and_committed_offsets_are_reported_and_lag_is_a_metric()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("reports", 1);
        var committed = new TaskCompletionSource();
        var statistics = new TaskCompletionSource<string>();
        var lag = -1L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "messaging.masstransit.kafka.lag")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag.Value as string == topic)
                        Volatile.Write(ref lag, value);
                }
            }
        );
        listener.Start();
        var blocked = new TaskCompletionSource();
        await using var bus = await RiderBus
            .Create(kafka, configure: (_, cluster) =>
            {
                cluster.StatisticsInterval = TimeSpan.FromMilliseconds(500);
                cluster.TopicEndpoint<Seat>(topic, "reports", endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(300);
                    endpoint.SetStatisticsHandler(json => statistics.TrySetResult(json));

                    // Where it begins it may commit too: the first report need not be of what was handled.
                    endpoint.SetOffsetsCommittedHandler(offsets =>
                    {
                        if (offsets.Offsets.Any(offset => offset.Offset.Value == 10))
                            committed.TrySetResult();
                    });
                    endpoint.Consumer(
                        () =>
                            new SeatBatchConsumer(_log, context =>
                                context.Message.Any(message => message.Message.Number > 10) ? blocked.Task : Task.CompletedTask
                            ),
                        consumer => consumer.Options<BatchOptions>(options => options.SetMessageLimit(10).SetTimeLimit(TimeSpan.FromMilliseconds(20)))
                    );
                });
            })
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        await _log.AllAsync(10);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 11, 30);

        await committed.Task.WaitAsync(_patience, _cancellation);
        Assert.Contains("\"brokers\"", await statistics.Task.WaitAsync(_patience, _cancellation), StringComparison.Ordinal);
        await Eventually.IsTrueAsync(
            () =>
            {
                listener.RecordObservableInstruments();
                return Volatile.Read(ref lag) == 20;
            },
            otherwise: () => $"lag {lag}"
        );
        blocked.SetResult();
        await _log.AllAsync(30);
    }

    [Fact]
    public async Task After_so_many_messages_offsets_are_committed_without_waiting_for_the_interval()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("many", 1);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            Configure = settings => (settings.CheckpointInterval, settings.CheckpointMessageCount) = (TimeSpan.FromHours(1), 50),
        };
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 120);

        await using var bus = await endpoint.Batches(kafka).StartAsync();

        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0] >= 50);
    }

    [Fact]
    public async Task A_topic_is_created_where_it_is_missing()
    {
        var kafka = await servers.KafkaAsync();
        Assert.SkipWhen(kafka.IsLossy, "The mock cluster has no admin protocol.");
        var topic = UniqueName.From("created");
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint => endpoint.CreateIfMissing(options => options.NumPartitions = 3),
        }
            .Batches(kafka)
            .StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 30);

        await _log.AllAsync(30);
        Assert.Equal(3, RawKafka.Committed(kafka, topic, "none", 3).Length);
    }

    private sealed class Dependency : IReceiveEndpointDependency
    {
        public TaskCompletionSource Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ready => Completed.Task;
    }
}
