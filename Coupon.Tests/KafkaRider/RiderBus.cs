using Coupon.LocalServers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.KafkaRider;

/// <summary>A bus with the rider, as an application has it: in memory otherwise, with a container of its own.</summary>
public sealed class RiderBus : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IBusControl _bus;
    private bool _isStarted;

    private RiderBus(ServiceProvider services)
    {
        _services = services;
        _bus = services.GetRequiredService<IBusControl>();
    }

    public IServiceProvider Services => _services;

    public IBusControl Bus => _bus;

    public IKafkaRider Rider => _services.GetRequiredService<IKafkaRider>();

    public RecordedLogs Logs => _services.GetRequiredService<RecordedLogs>();

    public static RiderBus Create(
        IRunningServer kafka,
        Action<IRiderRegistrationConfigurator>? register = null,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<IKafkaHostConfigurator>? host = null
    )
    {
        var collection = new ServiceCollection();
        var logs = new RecordedLogs();
        collection.AddSingleton(logs);
        collection.AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Information));
        services?.Invoke(collection);
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
                        cluster.Host(kafka.ConnectionString, host);
                        configure?.Invoke(context, cluster);
                    }
                );
            });
        });
        // MassTransit keeps a logger for the flow of a test: a second bus in it must not log where the first one did.
        var provider = collection.BuildServiceProvider(validateScopes: true);
        LogContext.ConfigureCurrentLogContext(provider.GetRequiredService<ILoggerFactory>());
        return new RiderBus(provider);
    }

    public async Task<RiderBus> StartAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _bus.StartAsync(timeout.Token);
        _isStarted = true;
        return this;
    }

    public async Task StopAsync()
    {
        if (!_isStarted)
            return;
        _isStarted = false;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _bus.StopAsync(timeout.Token);
    }

    public ITopicProducer<TKey, Seat> Producer<TKey>(string topic) => Rider.GetProducer<TKey, Seat>(new Uri($"topic:{topic}"));

    /// <summary>Produces seats first to last, all under way at once.</summary>
    public async Task ProduceAsync(string topic, int first, int last, Func<int, long>? key = null)
    {
        var producer = Producer<long>(topic);
        await Task.WhenAll(
            Enumerable.Range(first, last - first + 1).Select(number => producer.Produce(key?.Invoke(number) ?? number, new Seat(number)))
        );
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }
}
