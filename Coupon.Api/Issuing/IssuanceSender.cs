using Coupon.Api.Issuing.Outbox;
using Coupon.Api.Messaging;
using Coupon.Contracts;
using Coupon.Stock;

namespace Coupon.Api.Issuing;

/// <summary>
/// Produces issuances and takes what Kafka acknowledged out of the outbox. A failure is never an answer: unknown and failed alike stay in the outbox
/// and are
/// produced again.
/// </summary>
internal sealed class IssuanceSender(
    IssuanceProducer producer,
    UnconfirmedIssuances unconfirmed,
    OutboxRemovals removals,
    KafkaCircuit circuit,
    IStockFence fence,
    ApiMetrics metrics,
    IssuingOptions options,
    ILogger<IssuanceSender> logger
)
{
    private readonly bool _waitsForNothing = options.ConfirmTimeout == TimeSpan.Zero;

    /// <summary>Sends what was just accepted.</summary>
    /// <param name="pending">What was accepted.</param>
    /// <param name="term">The term of the lease in which it was.</param>
    /// <returns>Completes with true at the acknowledgement; with false when the bound has passed, the circuit is open or producing failed.</returns>
    public Task<bool> SendAsync(PendingIssuance pending, LeaseTerm term)
    {
        unconfirmed.Add(pending);
        if (circuit.IsOpen)
        {
            pending.TrySetResult(false);
        }
        else
        {
            _ = ProduceAsync(pending, term);

            // Nobody waits, so nobody waits in vain either: the circuit then opens by what producing itself says.
            if (_waitsForNothing)
                pending.TrySetResult(false);
        }

        return pending.Task;
    }

    /// <summary>Sends an overdue entry again.</summary>
    /// <returns>Whether Kafka acknowledged it.</returns>
    public async Task<bool> RelayAsync(OutboxEntry entry, CouponIssued message)
    {
        var term = fence.Enter();
        unconfirmed.BeginRelay(entry);
        var acknowledged = await TryProduceAsync(message);
        unconfirmed.EndRelay(entry, acknowledged);
        if (!acknowledged)
            return false;
        removals.Add(entry, term);
        metrics.Relayed();
        return true;
    }

    private async Task ProduceAsync(PendingIssuance pending, LeaseTerm term)
    {
        var acknowledged = await TryProduceAsync(pending.ToMessage());
        if (acknowledged)
        {
            pending.Settled = true;
            removals.Add(new OutboxEntry(pending.Keys.Outbox, pending.OutboxMember), term);
        }

        pending.TrySetResult(acknowledged);
    }

    private async Task<bool> TryProduceAsync(CouponIssued message)
    {
        try
        {
            await producer.ProduceAsync(message);
            circuit.Acknowledged();
            return true;
        }
#pragma warning disable CA1031 // Whatever it was: the outbox holds the message, and the relay tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            circuit.Refused(exception);
            metrics.ProduceFailed();
            Log.ProduceFailed(logger, exception.Message);
            return false;
        }
    }
}
