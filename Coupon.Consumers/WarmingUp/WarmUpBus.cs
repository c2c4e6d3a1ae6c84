using System.Text.Json;
using Confluent.Kafka;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Records;
using Coupon.Contracts;
using Coupon.Stock;
using MassTransit;

namespace Coupon.Consumers.WarmingUp;

/// <summary>
/// A bus of its own on a broker inside the Kafka client (librdkafka's mock cluster, <c>test.mock.num.brokers</c>): the code of the real bus polls,
/// decodes and writes, and no message of a warm-up reaches a real topic. The coupon does not exist.
/// </summary>
internal sealed class WarmUpBus : IAsyncDisposable
{
    /// <summary>The topic of its messages.</summary>
    public const string Topic = "warm-up";

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _batchTimeLimit = TimeSpan.FromMilliseconds(50);

    // The mock cluster does not answer a waiting fetch when a message comes, but when the wait is over (rd_kafka_mock_handle_Fetch).
    private static readonly TimeSpan _fetchWait = TimeSpan.FromMilliseconds(5);

    private readonly long _couponId = CouponKeys.WarmUpId();
    private readonly WarmUpProgress _progress = new();
    private readonly IProducer<Null, byte[]> _producer;
    private readonly ServiceProvider _services;

    public WarmUpBus(PoisonIsolation writing, WarmUpOptions options)
    {
        // This producer holds the broker. librdkafka replaces the address by that of its mock cluster.
        var broker = new ProducerConfig { BootstrapServers = "127.0.0.1:9", LingerMs = 5 };
        broker.Set("test.mock.num.brokers", "1");
        _producer = new ProducerBuilder<Null, byte[]>(broker).Build();
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        var address = admin.GetMetadata(Topic, _timeout).Brokers[0];
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(writing)
            .AddSingleton(_progress)
            .AddMassTransit(bus =>
            {
                bus.DisableUsageTelemetry();
                bus.UsingInMemory();
                bus.AddRider(rider =>
                {
                    rider.AddConsumer<WarmUpConsumer>(consumer =>
                        consumer.Options<BatchOptions>(batch => batch.SetMessageLimit(options.Messages).SetTimeLimit(_batchTimeLimit))
                    );
                    rider.UsingKafka(
                        (context, kafka) =>
                        {
                            kafka.Host($"{address.Host}:{address.Port}");
                            kafka.TopicEndpoint<byte[], CouponIssued>(Topic, Topic, endpoint =>
                            {
                                endpoint.ReadRaw();
                                endpoint.ConfigureFetch(fetch => fetch.WaitMaxInterval = _fetchWait);
                                endpoint.SetValueDeserializer(new CouponIssuedDeserializer());
                                endpoint.ConfigureConsumer<WarmUpConsumer>(context);
                            });
                        }
                    );
                });
            })
            .BuildServiceProvider();
    }

    public Task StartAsync(CancellationToken cancellationToken) => _services.GetRequiredService<IBusControl>().StartAsync(cancellationToken);

    /// <summary>Sends messages and waits until all of them have been consumed.</summary>
    public async Task PlayAsync(int messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= messages; number++)
        {
            var value = JsonSerializer.SerializeToUtf8Bytes(new CouponIssued(_couponId, number, number, now), JsonSerializerOptions.Web);
            _producer.Produce(Topic, new Message<Null, byte[]> { Value = value });
        }

        await _progress.WaitAsync(messages, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<IBusControl>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        _producer.Dispose();
    }
}
