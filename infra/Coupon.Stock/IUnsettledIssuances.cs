namespace Coupon.Stock;

/// <summary>What a process has accepted and is still producing, so that a verification can wait for it.</summary>
public interface IUnsettledIssuances
{
    /// <summary>Waits until no call of the issue script that was under way is still unanswered. For one caller at a time.</summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Whether anything was accepted here that Kafka has not acknowledged.</summary>
    bool HasAny { get; }

    /// <summary>
    /// Waits until no call of the issue script that was under way is still unanswered, then writes what is accepted here and not yet acknowledged
    /// by Kafka, by the issuer or by the relay, into the outbox in Redis again (Redis may have lost it), so that the verification counts it.
    /// Does not wait for Kafka. Nothing to write is done without Redis; what cannot be written is an exception: it is asked again.
    /// </summary>
    Task HandBackAsync(CancellationToken cancellationToken);
}
