using Confluent.Kafka;
using Coupon.LocalServers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.KafkaRider;

/// <summary>A bus that consumes seats: in batches, or one after the other. What a test does not set is short, so that it need not wait.</summary>
public sealed record SeatEndpoint(string Topic, SeatLog Log)
{
    public string Group { get; init; } = $"{Topic}-group";
    public int Batch { get; init; } = 100;
    public int BatchesAtOnce { get; init; } = 1;
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMilliseconds(50);
    public SeatBatchConsumer.Behaviour? OnBatch { get; init; }
    public SeatConsumer.Behaviour? OnMessage { get; init; }
    public Action<IKafkaTopicReceiveEndpointConfigurator<long, Seat>>? Configure { get; init; }
    public Action<IConsumerConfigurator<SeatConsumer>>? ConfigureConsumer { get; init; }
    public Action<IKafkaFactoryConfigurator>? ConfigureCluster { get; init; }

    public RiderBus Batches(IRunningServer kafka) =>
        RiderBus.Create(
            kafka,
            rider =>
                rider.AddConsumer<SeatBatchConsumer>(consumer =>
                    consumer.Options<BatchOptions>(options =>
                        options.SetMessageLimit(Batch).SetTimeLimit(TimeLimit).SetConcurrencyLimit(BatchesAtOnce)
                    )
                ),
            (context, cluster) => AddTo(cluster, endpoint => endpoint.ConfigureConsumer<SeatBatchConsumer>(context)),
            services => services.AddSingleton(Log).AddSingleton(OnBatch ?? (_ => Task.CompletedTask))
        );

    public RiderBus Messages(IRunningServer kafka) =>
        RiderBus.Create(
            kafka,
            rider => rider.AddConsumer<SeatConsumer>(),
            (context, cluster) =>
                AddTo(cluster, endpoint => endpoint.ConfigureConsumer<SeatConsumer>(context, consumer => ConfigureConsumer?.Invoke(consumer))),
            services => services.AddSingleton(Log).AddSingleton(OnMessage ?? (_ => Task.CompletedTask)).AddScoped<SeatScope>()
        );

    private void AddTo(IKafkaFactoryConfigurator cluster, Action<IKafkaTopicReceiveEndpointConfigurator<long, Seat>> addConsumer)
    {
        ConfigureCluster?.Invoke(cluster);
        cluster.TopicEndpoint<long, Seat>(Topic, Group, endpoint =>
        {
            endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
            endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(500);
            endpoint.SessionTimeout = TimeSpan.FromSeconds(6);
            endpoint.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
            endpoint.RedeliverQuickly();
            Configure?.Invoke(endpoint);
            addConsumer(endpoint);
        });
    }
}
