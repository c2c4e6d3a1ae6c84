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
        }.Messages(kafka).StartAsync();

        await _log.AllAsync(5000);

        Assert.Equal(0, _log.Repeated);
        Assert.All(_seen, seen => Assert.Equal(seen.Number % 1000, seen.Key));
        Assert.All(_seen.GroupBy(seen => seen.Key), key => Assert.Equal(key.Select(seen => seen.Number).Order(), key.Select(seen => seen.Number)));
        Assert.All(_seen.GroupBy(seen => seen.Partition), part => Assert.Equal(part.Select(seen => seen.Offset).Order(), part.Select(seen => seen.Offset)));
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
            OnMessage = context => context.Message.Number == 50 && !Volatile.Read(ref healed) ? throw new InvalidOperationException("not yet") : Task.CompletedTask,
        }.Messages(kafka).StartAsync();
        await Eventually.AsyncTrue(() => _log.Handled.Count(number => number % 2 == 1) == 50);
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
            OnMessage = _ => Interlocked.Increment(ref attempts) <= 2 ? throw new InvalidOperationException("retried by the filter") : Task.CompletedTask,
        }.Messages(kafka);
        var observer = new Observer();
        bus.Bus.ConnectConsumeObserver(observer);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 5, _ => 1);
        await bus.StartAsync();

        await _log.AllAsync(5);

        Assert.False(bus.Logs.Contains("delivery of"), bus.Logs.ToString());
        await Eventually.AsyncTrue(() => observer.Seen.Count == 5);
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
}
