using System.Collections.Concurrent;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.KafkaRider;

/// <summary><c>BatchOptions.GroupBy</c>: a batch has messages of one group only.</summary>
public sealed class GroupedBatchTests(TestServers servers)
{
    private readonly SeatLog _log = new();
    private readonly ConcurrentQueue<int[]> _batches = new();

    [Fact]
    public async Task Each_batch_has_one_group_and_a_group_that_is_full_does_not_wait_for_the_others()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("grouped", 1);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 95);
        await using var bus = await Bus(
                kafka,
                topic,
                options =>
                    options.SetMessageLimit(10).SetTimeLimit(TimeSpan.FromMinutes(5)).GroupBy<Seat, int>(context => context.Message.Number % 3),
                _ => { }
            )
            .StartAsync();

        // 31 or 32 of each group: three full batches; the rest waits for its time limit, which is not reached.
        await Eventually.IsTrueAsync(() => _batches.Count == 9);

        Assert.All(_batches, batch => Assert.Equal(10, batch.Length));
        Assert.All(_batches, batch => Assert.Single(batch.Select(number => number % 3).Distinct()));
        Assert.All(_batches.GroupBy(batch => batch[0] % 3), group =>
            Assert.Equal(group.SelectMany(batch => batch).Order(), group.SelectMany(batch => batch))
        );
    }

    [Fact]
    public async Task More_groups_than_fit_and_messages_without_one_are_all_handled_and_committed()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("many-groups", 2);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 2000);
        var failures = 0;
        await using (
            await Bus(
                    kafka,
                    topic,
                    options =>
                        options
                            .SetMessageLimit(10)
                            .SetTimeLimit(TimeSpan.FromMinutes(5))
                            .SetConcurrencyLimit(2)
                            .GroupBy<Seat, string>(context => context.Message.Number % 10 == 0 ? null! : $"{context.Message.Number % 1000}"),
                    endpoint => endpoint.PrefetchCount = 100,
                    _ => Interlocked.Increment(ref failures) == 5 ? throw new InvalidOperationException("once") : Task.CompletedTask
                )
                .StartAsync()
        )
        {
            // Far less than the time limit: where there is no more room, a batch begins that is not full.
            await Eventually.IsTrueAsync(() => _log.Distinct.Count >= 1900);
        }

        Assert.All(_batches, batch => Assert.Single(batch.Select(number => number % 10 == 0 ? -1 : number % 1000).Distinct()));
    }

    [Fact]
    public async Task Two_consumers_that_group_otherwise_are_refused()
    {
        var kafka = await servers.KafkaAsync();
        var refused = Assert.Throws<ConfigurationException>(() =>
            RiderBus.Create(
                kafka,
                rider =>
                {
                    rider.AddConsumer<SeatBatchConsumer>(consumer =>
                        consumer.Options<BatchOptions>(options => options.GroupBy<Seat, int>(context => context.Message.Number))
                    );
                    rider.AddConsumer<Other>();
                },
                (context, cluster) => cluster.TopicEndpoint<long, Seat>("seats", "group", endpoint =>
                    {
                        endpoint.ConfigureConsumer<SeatBatchConsumer>(context);
                        endpoint.ConfigureConsumer<Other>(context);
                    }),
                services => services.AddSingleton(_log).AddSingleton<SeatBatchConsumer.Behaviour>(_ => Task.CompletedTask)
            )
        );

        Assert.Contains("BatchOptions.GroupBy", refused.ToString(), StringComparison.Ordinal);
    }

    private RiderBus Bus(
        IRunningServer kafka,
        string topic,
        Action<BatchOptions> configure,
        Action<IKafkaTopicReceiveEndpointConfigurator> endpoint,
        SeatBatchConsumer.Behaviour? behaviour = null
    ) =>
        RiderBus.Create(
            kafka,
            rider => rider.AddConsumer<SeatBatchConsumer>(consumer => consumer.Options(configure)),
            (context, cluster) => cluster.TopicEndpoint<long, Seat>(topic, $"{topic}-group", configurator =>
                {
                    configurator.AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest;
                    configurator.CheckpointInterval = TimeSpan.FromMilliseconds(500);
                    configurator.RedeliverQuickly();
                    endpoint(configurator);
                    configurator.ConfigureConsumer<SeatBatchConsumer>(context);
                }),
            services =>
                services
                    .AddSingleton(_log)
                    .AddSingleton<SeatBatchConsumer.Behaviour>(async context =>
                    {
                        if (behaviour is not null)
                            await behaviour(context);
                        _batches.Enqueue([.. context.Message.Select(message => message.Message.Number)]);
                    })
        );

    private sealed class Other : IConsumer<Batch<Seat>>
    {
        public Task Consume(ConsumeContext<Batch<Seat>> context) => Task.CompletedTask;
    }
}
