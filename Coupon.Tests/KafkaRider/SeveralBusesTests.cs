using System.Collections.Concurrent;
using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Coupon.Tests.KafkaRider;

/// <summary>Buses beside each other in one container, each with a rider of its own.</summary>
public sealed class SeveralBusesTests(TestServers servers)
{
    private readonly ConcurrentQueue<(string Bus, int Number)> _seen = new();

    [Fact]
    public async Task Each_bus_has_its_own_endpoints_and_producers()
    {
        var kafka = await servers.KafkaAsync();
        var (first, second) = (await servers.CreateTopicAsync("first", 1), await servers.CreateTopicAsync("second", 1));
        var services = new ServiceCollection().AddLogging().AddSingleton(new ClientConfig { BootstrapServers = kafka.ConnectionString });
        services.AddMassTransit<IFirstBus>(bus => Add<IFirstBus>(bus, first));
        services.AddMassTransit<ISecondBus>(bus => Add<ISecondBus>(bus, second));
        await using var provider = services.BuildServiceProvider(true);
        var hosted = provider.GetServices<IHostedService>().ToList();
        foreach (var service in hosted)
            await service.StartAsync(TestContext.Current.CancellationToken);
        await using var scope = provider.CreateAsyncScope();

        await scope
            .ServiceProvider.GetRequiredService<Bind<IFirstBus, ITopicProducerProvider>>()
            .Value.GetProducer<Seat>(new Uri($"topic:{first}"))
            .Produce(new Seat(1), TestContext.Current.CancellationToken);
        await scope
            .ServiceProvider.GetRequiredService<Bind<ISecondBus, ITopicProducerProvider>>()
            .Value.GetProducer<Seat>(new Uri($"topic:{second}"))
            .Produce(new Seat(2), TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => _seen.Count == 2);
        Assert.Equal([(nameof(IFirstBus), 1), (nameof(ISecondBus), 2)], _seen.OrderBy(seen => seen.Number));
        foreach (var service in hosted)
            await service.StopAsync(TestContext.Current.CancellationToken);
    }

    private void Add<TBus>(IBusRegistrationConfigurator<TBus> bus, string topic)
        where TBus : class, IBus
    {
        bus.DisableUsageTelemetry();
        bus.UsingInMemory();
        bus.AddRider(rider => rider.UsingKafka((_, cluster) => cluster.TopicEndpoint<Seat>(topic, $"{topic}-group", endpoint =>
                    {
                        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                        endpoint.Handler<Seat>(context =>
                        {
                            _seen.Enqueue((typeof(TBus).Name, context.Message.Number));
                            return Task.CompletedTask;
                        });
                    })));
    }

    public interface IFirstBus : IBus;

    public interface ISecondBus : IBus;
}
