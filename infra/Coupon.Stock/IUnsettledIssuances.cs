namespace Coupon.Stock;

/// <summary>What a process has accepted and is still producing, so that a verification can wait for it.</summary>
public interface IUnsettledIssuances
{
    /// <summary>
    /// Writes what is accepted here and not yet acknowledged by Kafka into the outbox in Redis again (Redis may have lost it),
    /// so that the verification counts it. Does not wait for Kafka.
    /// </summary>
    Task HandBackAsync(CancellationToken cancellationToken);
}
