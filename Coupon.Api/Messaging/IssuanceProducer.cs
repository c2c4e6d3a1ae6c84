using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Stock;
using MassTransit;

namespace Coupon.Api.Messaging;

/// <summary>
/// Produces through the rider. Producers are scoped; one scope is kept for the life of the process, since opening one for each request
/// buys nothing here and costs as much as the message.
/// </summary>
internal sealed class IssuanceProducer(IServiceScopeFactory scopes) : IDisposable
{
    private readonly Lock _opening = new();
    private volatile ITopicProducer<Null, CouponIssued>? _producer;
    private volatile ITopicProducer<Null, CouponIssued>? _rehearsal;
    private IServiceScope? _scope;

    /// <summary>
    /// Completes when every in-sync replica has it. Without a key: the client fills one partition for some milliseconds, then the next, so the load
    /// spreads
    /// however hot a coupon is, and a request carries one batch instead of a little one for each partition. Nothing needs an order: a seat is one
    /// message.
    /// </summary>
    /// <exception cref="Exception">It was not acknowledged: whether Kafka has it is unknown.</exception>
    public Task ProduceAsync(CouponIssued message) =>
        CouponKeys.IsRehearsal(message.CouponId)
            ? _rehearsal?.Produce(null!, message) ?? Task.CompletedTask
            : (_producer ?? Open()).Produce(null!, message);

    /// <summary>Where messages of a rehearsal go, whose coupon has a negative id: never to the real topic. Null: nowhere.</summary>
    public void Rehearse(ITopicProducer<Null, CouponIssued>? producer) => _rehearsal = producer;

    public void Dispose() => _scope?.Dispose();

    // Not in the constructor: before the bus has started there is no producer to be had.
    private ITopicProducer<Null, CouponIssued> Open()
    {
        lock (_opening)
        {
            _scope ??= scopes.CreateScope();
            return _producer ??= _scope.ServiceProvider.GetRequiredService<ITopicProducer<Null, CouponIssued>>();
        }
    }
}
