using Coupon.Contracts;
using MassTransit;

namespace Coupon.Api.Messaging;

/// <summary>
/// Produces through the rider. Producers are scoped; one scope is kept for the life of the process, since opening one for each request
/// buys nothing here and costs as much as the message.
/// </summary>
internal sealed class IssuanceProducer(IServiceScopeFactory scopes) : IDisposable
{
    private readonly Lock _opening = new();
    private volatile ITopicProducer<long, CouponIssued>? _producer;
    private volatile ITopicProducer<long, CouponIssued>? _rehearsal;
    private IServiceScope? _scope;

    /// <summary>Completes when every in-sync replica has it. Keyed by user, so that one hot coupon is not one hot partition.</summary>
    /// <exception cref="Exception">It was not acknowledged: whether Kafka has it is unknown.</exception>
    public Task ProduceAsync(CouponIssued message) => message.CouponId > 0
        ? (_producer ?? Open()).Produce(message.UserId, message)
        : _rehearsal?.Produce(message.UserId, message) ?? Task.CompletedTask;

    /// <summary>Where messages of a rehearsal go, whose coupon has a negative id: never to the real topic. Null: nowhere.</summary>
    public void Rehearse(ITopicProducer<long, CouponIssued>? producer) => _rehearsal = producer;

    public void Dispose() => _scope?.Dispose();

    // Not in the constructor: before the bus has started there is no producer to be had.
    private ITopicProducer<long, CouponIssued> Open()
    {
        lock (_opening)
        {
            _scope ??= scopes.CreateScope();
            return _producer ??= _scope.ServiceProvider.GetRequiredService<ITopicProducer<long, CouponIssued>>();
        }
    }
}
