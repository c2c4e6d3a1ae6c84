using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Stock;
using MassTransit;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Produces the messages of issuances through the rider. Producers are scoped; this keeps one scope for the life of the process, because a scope for
/// each request would cost as much as the message.
/// </summary>
internal sealed class IssuanceProducer(IServiceScopeFactory scopes) : IDisposable
{
    private readonly Lock _opening = new();
    private volatile ITopicProducer<Null, CouponIssued>? _producer;
    private IServiceScope? _scope;

    /// <summary>
    /// Completes when every in-sync replica has the message. The message has no key: the client then fills one partition for some milliseconds, then
    /// the next, so load spreads however hot a coupon is, and a request carries one batch instead of a little one for each partition
    /// (sticky.partitioning.linger.ms in librdkafka's CONFIGURATION.md). Issuances need no order: each is one message.
    /// </summary>
    /// <exception cref="Exception">The message was not acknowledged. Kafka may have it or not.</exception>
    public Task ProduceAsync(HeldSeat seat) =>
        (_producer ?? Open()).Produce(
            null!,
            new CouponIssued(seat.CouponId, seat.Ordinal, seat.UserId, DateTimeOffset.FromUnixTimeMilliseconds(seat.IssuedAtMs))
            {
                IdempotencyKeyHash = seat.KeyHash,
            }
        );

    public void Dispose() => _scope?.Dispose();

    // Not in the constructor: there is no producer before the bus has started.
    private ITopicProducer<Null, CouponIssued> Open()
    {
        lock (_opening)
        {
            _scope ??= scopes.CreateScope();
            return _producer ??= _scope.ServiceProvider.GetRequiredService<ITopicProducer<Null, CouponIssued>>();
        }
    }
}
