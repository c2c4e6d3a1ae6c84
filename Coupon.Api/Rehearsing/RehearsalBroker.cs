using Confluent.Kafka;
using Coupon.Contracts;
using MassTransit;

namespace Coupon.Api.Rehearsing;

/// <summary>
/// A bus of its own on a broker inside the Kafka client (librdkafka's mock cluster): the same code as the real one compiles and warms up, and no
/// message
/// of a rehearsal ever reaches a real topic.
/// </summary>
internal sealed class RehearsalBroker : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IServiceScope _scope;

    private RehearsalBroker(ServiceProvider services, IServiceScope scope)
    {
        (_services, _scope) = (services, scope);
        Producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<Null, CouponIssued>>();
    }

    public ITopicProducer<Null, CouponIssued> Producer { get; }

    public static async Task<RehearsalBroker> StartAsync(ProducerConfig producer, CancellationToken cancellationToken)
    {
        producer.Set("test.mock.num.brokers", "1");
        var services = new ServiceCollection()
            .AddLogging()
            .AddMassTransit(bus =>
            {
                bus.DisableUsageTelemetry();
                bus.UsingInMemory();
                bus.AddRider(rider =>
                {
                    rider.AddProducer<Null, CouponIssued>("rehearsal", producer);

                    // Never asked: the mock cluster takes the place of whatever address there is.
                    rider.UsingKafka((_, kafka) => kafka.Host("127.0.0.1:9"));
                });
            })
            .BuildServiceProvider();
        await services.GetRequiredService<IBusControl>().StartAsync(cancellationToken);
        return new RehearsalBroker(services, services.CreateScope());
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<IBusControl>().StopAsync(CancellationToken.None);
        _scope.Dispose();
        await _services.DisposeAsync();
    }
}
