using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

public sealed class MixedConsumersTests(TestServers servers)
{
    private readonly SeatLog _batches = new();
    private readonly SeatLog _messages = new();

    [Fact]
    public async Task A_batch_consumer_and_one_of_single_messages_share_an_endpoint_and_a_failure_of_either_loses_nothing_of_the_other()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("mixed", 2);
        var batchFailures = 2;
        var messageFailures = 2;
        await using var bus = await RiderBus
            .Create(kafka, configure: (_, cluster) => cluster.TopicEndpoint<long, Seat>(topic, topic, endpoint =>
                {
                    endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                    endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(300);
                    endpoint.RedeliverQuickly();
                    endpoint.Consumer(
                        () =>
                            new SeatBatchConsumer(_batches, context =>
                                Fail(ref batchFailures, context.Message.Any(message => message.Message.Number == 150))
                            ),
                        consumer => consumer.Options<BatchOptions>(options => options.SetMessageLimit(50).SetTimeLimit(TimeSpan.FromMilliseconds(50)))
                    );
                    endpoint.Handler<Seat>(async context =>
                    {
                        await Fail(ref messageFailures, context.Message.Number == 250);
                        _messages.Add(context.Message.Number);
                    });
                }))
            .StartAsync();

        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 500);

        await _batches.AllAsync(500);
        await _messages.AllAsync(500);
        Assert.Equal(0, _batches.Repeated);
        Assert.True(batchFailures < 0 && messageFailures < 0, $"{batchFailures} {messageFailures}");
        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, topic, 2).Sum() == 500);
    }

    private static Task Fail(ref int left, bool when) =>
        when && Interlocked.Decrement(ref left) >= 0 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
}
