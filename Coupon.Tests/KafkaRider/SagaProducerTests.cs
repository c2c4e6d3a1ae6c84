using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A state machine that is driven from one topic and produces to another.</summary>
public sealed class SagaProducerTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Fact]
    public async Task A_state_machine_produces_for_an_event_and_for_an_activity_that_fails()
    {
        var kafka = await servers.KafkaAsync();
        var (orders, seats) = (await servers.CreateTopicAsync("orders", 1), await servers.CreateTopicAsync("seats-of-orders", 1));
        await using var bus = await RiderBus
            .Create(
                kafka,
                rider =>
                {
                    rider.AddSagaStateMachine<OrderMachine, Order>().InMemoryRepository();
                    rider.AddProducer<SeatBooked>(seats);
                    rider.AddProducer<SeatOrdered>(orders);
                },
                (context, cluster) =>
                {
                    cluster.TopicEndpoint<SeatOrdered>(orders, $"{orders}-group", endpoint =>
                    {
                        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                        endpoint.ConfigureSaga<Order>(context);
                    });
                    cluster.TopicEndpoint<SeatBooked>(seats, $"{seats}-group", endpoint =>
                    {
                        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                        endpoint.Handler<SeatBooked>(message =>
                        {
                            _log.Add(message.Message.Number);
                            return Task.CompletedTask;
                        });
                    });
                }
            )
            .StartAsync();
        var producer = bus.Rider.GetProducer<SeatOrdered>(new Uri($"topic:{orders}"));

        await producer.Produce(new SeatOrdered(NewId.NextGuid(), 1));
        await producer.Produce(new SeatOrdered(NewId.NextGuid(), -2));

        await Eventually.IsTrueAsync(() => _log.Handled.Count == 2);
        Assert.Equal([1, 2], _log.Handled.Order());
    }

    public sealed record SeatOrdered(Guid OrderId, int Number);

    public sealed record SeatBooked
    {
        public int Number { get; init; }
    }

    public sealed class Order : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }

        public string? CurrentState { get; set; }
    }

    public sealed class OrderMachine : MassTransitStateMachine<Order>
    {
        public OrderMachine()
        {
            InstanceState(order => order.CurrentState);
            Event(() => Ordered, ordered => ordered.CorrelateById(context => context.Message.OrderId));
            Initially(
                When(Ordered, context => context.Message.Number > 0)
                    .Produce(context => context.Init<SeatBooked>(new { context.Message.Number }))
                    .TransitionTo(Placed),
                When(Ordered, context => context.Message.Number < 0)
                    .Then(_ => throw new InvalidOperationException("no such seat"))
                    .Catch<InvalidOperationException>(caught =>
                        caught.Produce(context => Task.FromResult(new SeatBooked { Number = -context.Message.Number })).TransitionTo(Placed)
                    )
            );
        }

        public Event<SeatOrdered> Ordered { get; private set; } = null!;

        public State Placed { get; private set; } = null!;
    }
}
