using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Produces issuances, and removes from the outbox what Kafka has acknowledged. A failure is never an answer: the outbox keeps the issuance, and a
/// relay sends it again.
/// </summary>
internal sealed class IssuanceSender(
    IssuanceProducer producer,
    UnconfirmedIssuances unconfirmed,
    OutboxRemovals removals,
    KafkaCircuitBreaker breaker,
    IStockFence fence,
    IssuingMetrics metrics,
    IssuingOptions options,
    ILogger<IssuanceSender> logger
)
{
    private readonly bool _waitsForNothing = options.ConfirmTimeout == TimeSpan.Zero;

    /// <summary>Sends an issuance that was just accepted.</summary>
    /// <param name="issuance">The issuance.</param>
    /// <param name="term">The term of the lease in which it was accepted.</param>
    /// <returns>
    /// True at the acknowledgement; false when <see cref="IssuingOptions.ConfirmTimeout"/> has passed, the circuit is open or producing failed.
    /// </returns>
    public Task<bool> SendAsync(UnconfirmedIssuance issuance, LeaseTerm term)
    {
        unconfirmed.Add(issuance);

        // A process that was frozen since the script has decided may have been given up: then its number may be somebody else's.
        if (breaker.IsBroken || !fence.Holds(term))
        {
            issuance.TrySetResult(false);
        }
        else
        {
            _ = ProduceAsync(issuance, term);

            // Answered without waiting, so it cannot expire: only failures to produce open the circuit then.
            if (_waitsForNothing)
                issuance.TrySetResult(false);
        }

        return issuance.Task;
    }

    /// <summary>Sends an overdue entry of the outbox again, or one from memory.</summary>
    /// <returns>Whether Kafka acknowledged it; false too where this process may have been given up, and nothing was sent.</returns>
    public async Task<bool> RelayAsync(OutboxEntry entry, HeldSeat seat)
    {
        if (!fence.IsWaitedFor(entry.CouponId))
            return false;
        var term = fence.Enter(entry.CouponId);
        using var relaying = RelaySpan.Start(entry);
        unconfirmed.BeginRelay(entry);
        var isAcknowledged = await TryProduceAsync(seat);
        unconfirmed.EndRelay(entry, isAcknowledged);
        if (!isAcknowledged)
            return false;
        removals.Add(entry, term);
        metrics.Relayed();
        return true;
    }

    private async Task ProduceAsync(UnconfirmedIssuance issuance, LeaseTerm term)
    {
        var isAcknowledged = await TryProduceAsync(issuance.Seat);
        if (isAcknowledged)
        {
            issuance.IsConfirmed = true;
            removals.Add(issuance.Entry, term);
        }

        issuance.TrySetResult(isAcknowledged);
    }

    private async Task<bool> TryProduceAsync(HeldSeat seat)
    {
        try
        {
            await producer.ProduceAsync(seat);
            breaker.Acknowledged();
            return true;
        }
#pragma warning disable CA1031 // After any exception the outbox holds the issuance, and a relay tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            breaker.Refused(exception);
            metrics.ProduceFailed();
            Log.ProduceFailed(logger, exception.Message);
            return false;
        }
    }
}
