namespace Coupon.Stock;

/// <summary>What a process answers for: it accepted or told it, and nobody is known to have acknowledged it.</summary>
public interface IUnsettledIssuances
{
    /// <summary>Waits until no call of the issue script that was under way is still unanswered. For one caller at a time.</summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Whether there is anything.</summary>
    bool HasAny { get; }

    /// <summary>All of it.</summary>
    IReadOnlyList<HeldSeat> Held();

    /// <summary>
    /// Waits until no call of the issue script that was under way is still unanswered, then writes all of it into the outbox in Redis again (Redis
    /// may have
    /// lost it), so that a verification counts it. Does not wait for Kafka. What cannot be written is an exception: it is asked again.
    /// </summary>
    Task HandBackAsync(CancellationToken cancellationToken);
}
