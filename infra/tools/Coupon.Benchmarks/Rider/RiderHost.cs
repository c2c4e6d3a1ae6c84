using Confluent.Kafka;
using MassTransit;

namespace Coupon.Benchmarks.Rider;

/// <summary>A bus with the rider, as an application has it.</summary>
internal sealed class RiderHost(ServiceProvider services) : IAsyncDisposable
{
    public IServiceProvider Services => services;

    public static async Task<RiderHost> StartAsync(
        string brokers,
        Action<IRiderRegistrationConfigurator>? register,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator>? configure,
        Action<IServiceCollection>? add = null
    )
    {
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        add?.Invoke(collection);
        collection.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                register?.Invoke(rider);
                rider.UsingKafka(
                    (context, cluster) =>
                    {
                        cluster.Host(brokers);
                        configure?.Invoke(context, cluster);
                    }
                );
            });
        });
        var services = collection.BuildServiceProvider();
        LogContext.ConfigureCurrentLogContext(services.GetRequiredService<ILoggerFactory>());
        await services.GetRequiredService<IBusControl>().StartAsync();
        return new RiderHost(services);
    }

    /// <summary>
    /// The settings of both the raw client and the rider. Without delivery report fields, as is the rider's default: otherwise only the baseline
    /// would copy each message back.
    /// </summary>
    public static ProducerConfig Producing(string brokers) =>
        new()
        {
            BootstrapServers = brokers,
            LingerMs = 5,
            CompressionType = CompressionType.Lz4,
            Acks = Acks.All,
            EnableIdempotence = true,
            DeliveryReportFields = "none",
        };

    public async ValueTask DisposeAsync()
    {
        await services.GetRequiredService<IBusControl>().StopAsync();
        await services.DisposeAsync();
    }
}
