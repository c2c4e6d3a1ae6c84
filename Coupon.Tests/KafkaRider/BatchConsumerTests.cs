using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.KafkaRider;

public sealed class BatchConsumerTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Fact]
    public async Task Every_message_is_handled_once_and_batches_are_full_while_there_is_a_backlog()
    {
        var topic = await servers.CreateTopicAsync("batches", 3);
        await using var bus = await Create(topic, batch: 100).StartAsync();
        await bus.ProduceAsync(topic, 1, 3000);

        await _log.AllAsync(3000);

        Assert.Equal(0, _log.Repeated);
        Assert.Contains(100, _log.BatchSizes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_batch_that_throws_is_delivered_again_and_nothing_is_lost(int throws)
    {
        var left = throws;
        var topic = await servers.CreateTopicAsync("throws", 1);
        await using var bus = await Create(topic, batch: 100, behaviour: context =>
            context.Message.Any(message => message.Message.Number == 250) && Interlocked.Decrement(ref left) >= 0
                ? throw new InvalidOperationException("not yet")
                : Task.CompletedTask).StartAsync();
        await bus.ProduceAsync(topic, 1, 1000, _ => 1);

        await _log.AllAsync(1000);

        Assert.Equal(Enumerable.Range(1, 1000), _log.Handled);
    }

    private RiderBus Create(string topic, int batch, SeatBatchConsumer.Behaviour? behaviour = null) =>
        RiderBus.Create(servers.KafkaAsync().Result,
            rider => rider.AddConsumer<SeatBatchConsumer>(consumer => consumer.Options<BatchOptions>(options => options
                .SetMessageLimit(batch).SetTimeLimit(TimeSpan.FromMilliseconds(100)))),
            (context, cluster) => cluster.TopicEndpoint<Seat>(topic, $"{topic}-group", endpoint =>
            {
                endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                endpoint.ConfigureConsumer<SeatBatchConsumer>(context);
            }),
            services => services.AddSingleton(_log).AddSingleton(behaviour ?? (_ => Task.CompletedTask)));
}
