namespace Coupon.Stock;

/// <summary>The right of this instance to issue, for a time that other instances can judge.</summary>
public interface IInstanceLease
{
    /// <summary>Whether this instance may issue at this moment.</summary>
    bool MayIssue => Enter().MayIssue;

    /// <summary>The term of the lease at this moment, to be taken before Redis or memory is asked.</summary>
    LeaseTerm Enter();

    /// <summary>
    /// Whether a verification still waits for this instance, by its own clock, also where it shows nothing: its lease has not ended, or not long ago.
    /// Later it may have been given up, and what it alone knows may be somebody else's.
    /// </summary>
    bool IsWaitedFor { get; }

    /// <summary>Whether the lease has held without a break since <paramref name="term"/> was taken: only then is an answer believed.</summary>
    bool Holds(LeaseTerm term);
}
