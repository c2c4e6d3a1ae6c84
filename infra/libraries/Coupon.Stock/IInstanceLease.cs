namespace Coupon.Stock;

/// <summary>The right of this instance to issue, for a time that other instances can judge. Each shard of the stock has a lease of its own.</summary>
public interface IInstanceLease
{
    /// <summary>Whether this instance may issue a coupon at this moment.</summary>
    bool MayIssue(long couponId) => Enter(couponId).MayIssue;

    /// <summary>The term of the lease for a coupon at this moment, to be taken before Redis or memory is asked.</summary>
    LeaseTerm Enter(long couponId);

    /// <summary>
    /// Whether a verification of a coupon still waits for this instance, by its own clock, also where it shows nothing: its lease has not ended, or
    /// not long ago. Later it may have been given up, and what it alone knows may be somebody else's.
    /// </summary>
    bool IsWaitedFor(long couponId);

    /// <summary>Whether the lease has held without a break since <paramref name="term"/> was taken: only then is an answer believed.</summary>
    bool Holds(LeaseTerm term);
}
