using System.Collections.Concurrent;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

public sealed class MessageConsumerTests(TestServers servers)
{
    private readonly SeatLog _log = new();
    private readonly ConcurrentQueue<(int Partition, long Offset, long Key, int Number, int Uses)> _seen = new();

    [Fact]
    public async Task A_thousand_keys_are_each_handled_in_order_and_the_context_says_where_a_message_came_from()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("keys", 4);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 5000, number => number % 1000);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint => endpoint.ConcurrentMessageLimit = 4,
            OnMessage = context =>
            {
                _seen.Enqueue((context.Partition()!.Value, context.Offset()!.Value, context.GetKey<long>(), context.Message.Number, 1));
                return Task.CompletedTask;
            },
        }
            .Messages(kafka)
            .StartAsync();

        await _log.AllAsync(5000);

        Assert.Equal(0, _log.Repeated);
        Assert.All(_seen, seen => Assert.Equal(seen.Number % 1000, seen.Key));
        Assert.All(_seen.GroupBy(seen => seen.Key), key => Assert.Equal(key.Select(seen => seen.Number).Order(), key.Select(seen => seen.Number)));
        Assert.All(_seen.GroupBy(seen => seen.Partition), part =>
            Assert.Equal(part.Select(seen => seen.Offset).Order(), part.Select(seen => seen.Offset))
        );
    }

    [Fact]
    public async Task A_message_that_throws_comes_again_before_the_next_of_its_partition_while_other_partitions_go_on()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("throwing", 2);
        var healed = false;
        for (var number = 1; number <= 100; number++)
        {
            await RawKafka.ProduceAsync(kafka, topic, null, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { number }), null, number % 2);
        }

        await using var bus = await new SeatEndpoint(topic, _log)
        {
            OnMessage = context =>
                context.Message.Number == 50 && !Volatile.Read(ref healed) ? throw new InvalidOperationException("not yet") : Task.CompletedTask,
        }
            .Messages(kafka)
            .StartAsync();
        await Eventually.IsTrueAsync(() =>
            _log.Handled.Count(number => number % 2 == 1) == 50 && _log.Handled.Count(number => number % 2 == 0) >= 24
        );
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("attempt 3"));
        Assert.Equal(24, _log.Handled.Count(number => number % 2 == 0));
        Volatile.Write(ref healed, true);

        await _log.AllAsync(100);
        Assert.Equal(Enumerable.Range(1, 50).Select(number => number * 2), _log.Handled.Where(number => number % 2 == 0));
        Assert.Equal(0, _log.Repeated);
    }

    [Fact]
    public async Task Retry_filters_scopes_and_observers_work()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("filters", 1);
        var attempts = 0;
        await using var bus = new SeatEndpoint(topic, _log)
        {
            ConfigureConsumer = consumer => consumer.UseMessageRetry(retry => retry.Immediate(3)),
            OnMessage = _ =>
                Interlocked.Increment(ref attempts) <= 2 ? throw new InvalidOperationException("retried by the filter") : Task.CompletedTask,
        }.Messages(kafka);
        var consuming = new Observer();
        var receiving = new ReceiveObserver();
        bus.Bus.ConnectConsumeObserver(consuming);
        bus.Bus.ConnectReceiveObserver(receiving);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 5, _ => 1);
        await bus.StartAsync();

        await _log.AllAsync(5);

        Assert.False(bus.Logs.Contains("delivery of"), bus.Logs.ToString());
        await Eventually.IsTrueAsync(() => consuming.Seen.Count == 5 && receiving.Seen.Count(seen => seen == "after") == 5);
        Assert.Equal(5, receiving.Seen.Count(seen => seen == "before"));
        Assert.Equal(7, attempts);

        // Each attempt has a scope of its own, which ends with it.
        Assert.Equal(7, _log.Scopes.Distinct().Count());
        await Eventually.IsTrueAsync(() => _log.Scopes.All(scope => scope is { Uses: 1, IsDisposed: true }));
    }

    [Fact]
    public async Task What_the_headers_say_is_on_the_context_and_a_message_without_a_key_has_the_default_one()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("context", 1);
        var id = NewId.NextGuid();
        var seen = new TaskCompletionSource<ConsumeContext<Seat>>();
        var keyless = new TaskCompletionSource<long>();
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            OnMessage = context =>
            {
                if (context.Message.Number == 1)
                    seen.TrySetResult(context);
                else
                    keyless.TrySetResult(context.GetKey<long>());
                return Task.CompletedTask;
            },
        }
            .Messages(kafka)
            .StartAsync();
        await bus.Producer<long>(topic)
            .Produce(
                17,
                new Seat(1),
                Pipe.Execute<KafkaSendContext<long, Seat>>(context =>
                {
                    context.MessageId = id;
                    context.CorrelationId = id;
                    context.InitiatorId = id;
                    context.Headers.Set("text", "grün");
                    context.Headers.Set("int", (int?)42);
                    context.Headers.Set("bool", (bool?)true);
                    context.Headers.Set("guid", (Guid?)id);
                })
            );
        await RawKafka.ProduceAsync(kafka, topic, null, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { number = 2 }));

        await _log.AllAsync(2);

        var context = await seen.Task;
        Assert.Equal((id, id, id), (context.MessageId, context.CorrelationId, context.InitiatorId));
        Assert.NotNull(context.ConversationId);
        Assert.Equal(
            ("grün", 42, true, id),
            (
                context.Headers.Get<string>("text"),
                context.Headers.Get<int>("int"),
                context.Headers.Get<bool>("bool"),
                context.Headers.Get<Guid>("guid")
            )
        );
        Assert.Equal(new Uri("loopback://localhost/"), context.SourceAddress);
        Assert.Equal(new Uri($"loopback://localhost/kafka/{topic}"), context.DestinationAddress);
        Assert.True(TimeProvider.System.GetUtcNow().UtcDateTime - context.SentTime < TimeSpan.FromMinutes(5));
        Assert.Equal((17, 0, 0L), (context.GetKey<long>(), context.Partition(), context.Offset()));
        Assert.Equal(0, await keyless.Task);
    }

    private sealed class Observer : IConsumeObserver
    {
        public ConcurrentQueue<object> Seen { get; } = new();

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class
        {
            Seen.Enqueue(context.Message);
            return Task.CompletedTask;
        }

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }

    private sealed class ReceiveObserver : IReceiveObserver
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        public Task PreReceive(ReceiveContext context) => Note("before");

        public Task PostReceive(ReceiveContext context) => Note("after");

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Note("fault");

        private Task Note(string what)
        {
            Seen.Enqueue(what);
            return Task.CompletedTask;
        }
    }
}
