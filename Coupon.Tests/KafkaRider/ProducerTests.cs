using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.KafkaRider;

public sealed class ProducerTests(TestServers servers)
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_plain_JSON_with_MassTransits_headers_and_Kafkas_own_keys()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("wire", 1);
        await using var bus = await RiderBus.Create(kafka).StartAsync();

        await bus.Producer<long>(topic).Produce(17, new Seat(1, "B"), _cancellation);

        var message = RawKafka.Read(kafka, topic).Message;
        Assert.Equal(17, Deserializers.Int64.Deserialize(message.Key, false, default));
        Assert.Equal("""{"number":1,"row":"B"}""", Encoding.UTF8.GetString(message.Value));
        var headers = message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));
        Assert.True(Guid.TryParse(headers["MessageId"], out _));
        Assert.True(Guid.TryParse(headers["ConversationId"], out _));
        Assert.EndsWith($"/kafka/{topic}", headers["DestinationAddress"], StringComparison.Ordinal);
        Assert.Equal("loopback://localhost/", headers["SourceAddress"]);
    }

    [Fact]
    public async Task Headers_of_every_type_arrive()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("headers", 1);
        await using var bus = await RiderBus.Create(kafka).StartAsync();
        var id = Guid.NewGuid();

        await bus.Producer<long>(topic)
            .Produce(
                1,
                new Seat(1),
                Pipe.Execute<KafkaSendContext<long, Seat>>(context =>
                {
                    context.CorrelationId = id;
                    context.Headers.Set("text", "grün");
                    context.Headers.Set("int", (int?)42);
                    context.Headers.Set("long", (long?)4_200_000_000);
                    context.Headers.Set("bool", (bool?)true);
                    context.Headers.Set("double", (double?)1.5);
                    context.Headers.Set("guid", (Guid?)id);
                    context.Headers.Set("time", (DateTime?)new DateTime(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc));
                    context.Headers.Set("object", new { a = 1 });
                }),
                _cancellation
            );

        var headers = RawKafka
            .Read(kafka, topic)
            .Message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));
        Assert.Equal(id.ToString(), headers["CorrelationId"]);
        Assert.Equal(
            ("grün", "42", "4200000000", "true", "1.5", id.ToString()),
            (headers["text"], headers["int"], headers["long"], headers["bool"], headers["double"], headers["guid"])
        );
        Assert.Equal("2026-11-23T10:00:00.0000000Z", headers["time"]);
        Assert.Equal("""{"a":1}""", headers["object"]);
    }

    [Fact]
    public async Task Every_registered_form_produces_with_its_key()
    {
        var kafka = await servers.KafkaAsync();
        var topics = new[]
        {
            await servers.CreateTopicAsync("null", 1),
            await servers.CreateTopicAsync("key", 1),
            await servers.CreateTopicAsync("resolved", 1),
        };
        await using var bus = await RiderBus
            .Create(kafka, rider =>
            {
                rider.AddProducer<Seat>(topics[0]);
                rider.AddProducer<string, Named>(topics[1], new ProducerConfig { BatchSize = 100_000 }, (_, producer) =>
                    producer.Linger = TimeSpan.FromMilliseconds(1)
                );
                rider.AddProducer<int, Row>(topics[2], context => context.Message.Number);
            })
            .StartAsync();
        await using var scope = bus.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<ITopicProducer<Seat>>().Produce(new Seat(1), _cancellation);
        await scope.ServiceProvider.GetRequiredService<ITopicProducer<string, Named>>().Produce("k", new { Number = 2 }, _cancellation);
        await scope.ServiceProvider.GetRequiredService<ITopicProducer<Row>>().Produce(new Row(3), _cancellation);
        await scope
            .ServiceProvider.GetRequiredService<ITopicProducerProvider>()
            .GetProducer<int, Row>(new Uri($"topic:{topics[2]}"))
            .Produce(4, new Row(4), _cancellation);

        var provider = scope.ServiceProvider.GetRequiredService<ITopicProducerProvider>();
        await provider.GetProducer<Seat>(new Uri($"topic:{topics[0]}")).Produce(new Seat(5), _cancellation);
        await provider.GetProducer<int, Row>(new Uri($"topic:{topics[2]}"), context => context.Message.Number).Produce(new Row(6), _cancellation);

        Assert.Null(RawKafka.Read(kafka, topics[0]).Message.Key);
        Assert.Null(RawKafka.Read(kafka, topics[0], offset: 1).Message.Key);
        Assert.Equal(6, Deserializers.Int32.Deserialize(RawKafka.Read(kafka, topics[2], offset: 2).Message.Key, false, default));
        var named = RawKafka.Read(kafka, topics[1]).Message;
        Assert.Equal(("k", 2), (Encoding.UTF8.GetString(named.Key), JsonDocument.Parse(named.Value).RootElement.GetProperty("number").GetInt32()));
        Assert.Equal(3, Deserializers.Int32.Deserialize(RawKafka.Read(kafka, topics[2]).Message.Key, false, default));
        Assert.Equal(4, Deserializers.Int32.Deserialize(RawKafka.Read(kafka, topics[2], offset: 1).Message.Key, false, default));
    }

    [Fact]
    public async Task A_megabyte_travels()
    {
        const int megabyte = 1_000_000;
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("large", 1);
        var log = new SeatLog();
        var length = 0;
        await using var bus = await RiderBus
            .Create(kafka, configure: (_, cluster) =>
            {
                cluster.MessageMaxBytes = megabyte + 40_000;
                cluster.TopicEndpoint<long, Seat>(topic, topic, endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.Consumer(() => new SeatBatchConsumer(log, context =>
                        {
                            length = context.Message[0].Message.Row.Length;
                            return Task.CompletedTask;
                        }));
                });
            })
            .StartAsync();

        await bus.Producer<long>(topic).Produce(1, new Seat(1, new string('x', megabyte)), _cancellation);

        await log.AllAsync(1);
        Assert.Equal(megabyte, length);
    }

    [Fact]
    public async Task A_topic_added_twice_is_refused()
    {
        var kafka = await servers.KafkaAsync();
        await using var bus = RiderBusFailing(kafka);
        static ServiceProvider RiderBusFailing(IRunningServer kafka) =>
            new ServiceCollection()
                .AddLogging()
                .AddMassTransit(x =>
                {
                    x.UsingInMemory();
                    x.AddRider(rider =>
                    {
                        rider.AddProducer<long, Seat>("twice");
                        rider.AddProducer<long, Row>("twice");
                        rider.UsingKafka((_, cluster) => cluster.Host(kafka.ConnectionString));
                    });
                })
                .BuildServiceProvider();

        var refused = Assert.Throws<ConfigurationException>(() => bus.GetRequiredService<IBusControl>());
        Assert.Contains("A producer of the topic was already added: twice", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_delivers_what_is_still_queued()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("flush", 1);
        var bus = await RiderBus
            .Create(kafka, rider => rider.AddProducer<long, Seat>(topic, (_, producer) => producer.Linger = TimeSpan.FromSeconds(5)))
            .StartAsync();
        var produced = bus.Producer<long>(topic).Produce(1, new Seat(1), _cancellation);

        await bus.DisposeAsync();

        await produced.WaitAsync(TimeSpan.FromSeconds(5), _cancellation);
        Assert.Contains("\"number\":1", Encoding.UTF8.GetString(RawKafka.Read(kafka, topic).Message.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_delivers_what_is_still_queued_even_where_nobody_has_time_for_it_any_more()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("hasty", 1);
        await using var bus = await RiderBus
            .Create(kafka, rider => rider.AddProducer<long, Seat>(topic, (_, producer) => producer.Linger = TimeSpan.FromSeconds(5)))
            .StartAsync();
        var produced = bus.Producer<long>(topic).Produce(1, new Seat(1), _cancellation);

        // As a host does whose time for stopping is over.
        try
        {
            await bus.Bus.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // Which is what it may say.
        }

        await produced.WaitAsync(TimeSpan.FromSeconds(5), _cancellation);
        Assert.Contains("\"number\":1", Encoding.UTF8.GetString(RawKafka.Read(kafka, topic).Message.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_stop_nothing_is_produced_until_the_bus_is_started_again()
    {
        var kafka = await servers.KafkaAsync();
        var (used, unused) = (await servers.CreateTopicAsync("stopped", 1), await servers.CreateTopicAsync("stopped-new", 1));
        await using var bus = await RiderBus.Create(kafka).StartAsync();
        await bus.ProduceAsync(used, 1, 1);
        await bus.StopAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => bus.ProduceAsync(used, 2, 2));
        Assert.Contains("stopped", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bus.ProduceAsync(unused, 2, 2));

        await bus.StartAsync();
        await bus.ProduceAsync(used, 3, 3);
        await bus.ProduceAsync(unused, 3, 3);
        Assert.Contains("\"number\":3", Encoding.UTF8.GetString(RawKafka.Read(kafka, used, offset: 1).Message.Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_goes_with_the_message_from_producer_to_consumer()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("trace", 1);
        var log = new SeatLog();
        List<Activity> stopped = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.DisplayName.Contains(topic, StringComparison.Ordinal))
                    lock (stopped)
                        stopped.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var bus = await new SeatEndpoint(topic, log).Batches(kafka).StartAsync();

        await bus.Producer<long>(topic).Produce(1, new Seat(1), _cancellation);
        await log.AllAsync(1);

        await Eventually.IsTrueAsync(() =>
        {
            lock (stopped)
                return stopped.Exists(activity => activity.Kind == ActivityKind.Consumer && activity.Links.Any());
        });
        var sent = stopped.First(activity => activity.Kind == ActivityKind.Producer);
        Assert.Contains(stopped.Where(activity => activity.Kind == ActivityKind.Consumer).SelectMany(activity => activity.Links), link =>
            link.Context.TraceId == sent.TraceId
        );
    }

    [Fact]
    public async Task What_is_produced_while_consuming_carries_the_conversation_on()
    {
        var kafka = await servers.KafkaAsync();
        var from = await servers.CreateTopicAsync("question", 1);
        var to = await servers.CreateTopicAsync("answer", 1);
        var id = NewId.NextGuid();
        await using var bus = await new SeatEndpoint(from, new SeatLog())
        {
            OnMessage = context =>
                context
                    .GetPayload<IServiceProvider>()
                    .GetRequiredService<ITopicProducerProvider>()
                    .GetProducer<long, Seat>(new Uri($"topic:{to}"))
                    .Produce(2, new Seat(2)),
        }
            .Messages(kafka)
            .StartAsync();

        await bus.Producer<long>(from)
            .Produce(1, new Seat(1), Pipe.Execute<KafkaSendContext<long, Seat>>(context => context.CorrelationId = id), _cancellation);

        var question = Headers(RawKafka.Read(kafka, from));
        var answer = Headers(RawKafka.Read(kafka, to));
        Assert.Equal(question["ConversationId"], answer["ConversationId"]);
        Assert.Equal(id.ToString(), answer["InitiatorId"]);
        Assert.NotEqual(question["MessageId"], answer["MessageId"]);
    }

    [Fact]
    public async Task A_provider_refuses_what_is_no_topic_or_was_configured_for_other_types()
    {
        var kafka = await servers.KafkaAsync();
        await using var bus = await RiderBus.Create(kafka, rider => rider.AddProducer<long, Row>("rows")).StartAsync();
        await using var scope = bus.Services.CreateAsyncScope();
        var producers = scope.ServiceProvider.GetRequiredService<ITopicProducerProvider>();

        Assert.Throws<ConfigurationException>(() => producers.GetProducer<long, Seat>(new Uri("topic:rows")));
        Assert.Throws<ConfigurationException>(() => producers.GetProducer<long, Row>(new Uri("queue:rows")));
        Assert.NotNull(producers.GetProducer<long, Row>(new Uri("topic:rows")));
    }

    [Fact]
    public async Task A_producers_statistics_are_reported()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("statistics", 1);
        var reported = new TaskCompletionSource<string>();
        await using var bus = await RiderBus
            .Create(
                kafka,
                rider => rider.AddProducer<long, Seat>(topic, (_, producer) => producer.SetStatisticsHandler(json => reported.TrySetResult(json))),
                (_, cluster) => cluster.StatisticsInterval = TimeSpan.FromMilliseconds(500)
            )
            .StartAsync();
        await bus.ProduceAsync(topic, 1, 1);

        Assert.Contains(
            "\"type\":\"producer\"",
            (await reported.Task.WaitAsync(TimeSpan.FromSeconds(30), _cancellation)).Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    private static Dictionary<string, string> Headers(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));

    public sealed record Row(int Number);

    public sealed class Named
    {
        public int Number { get; init; }
    }
}
