namespace Coupon.Stock;

/// <summary>The issuances that this process accepted or told of, and that Kafka is not known to have acknowledged.</summary>
public interface IUnconfirmedIssuances
{
    /// <summary>Waits until every running call of the issue script is answered. For one caller at a time.</summary>
    Task DrainAsync(CancellationToken cancellationToken);

    /// <summary>Whether there are any.</summary>
    bool HasAny { get; }

    /// <summary>All of some coupons.</summary>
    IReadOnlyList<HeldSeat> Held(Func<long, bool> isOf);

    /// <summary>Forgets some for which MySQL answers from now on.</summary>
    void HandOver(IReadOnlyCollection<HeldSeat> seats);

    /// <summary>
    /// Waits until every running call of the issue script has its answer, then writes the unconfirmed issuances of some coupons into the outbox again
    /// (Redis may have lost them), so that a verification counts them. Does not wait for Kafka. Throws where it cannot write, and is then called
    /// again.
    /// </summary>
    /// <param name="isOf">Whether a coupon, by its id, is one of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task HandBackAsync(Func<long, bool> isOf, CancellationToken cancellationToken);
}
