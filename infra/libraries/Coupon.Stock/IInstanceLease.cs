namespace Coupon.Stock;

/// <summary>The right of this instance to issue, for a time that other instances can judge.</summary>
public interface IInstanceLease
{
    /// <summary>Whether this instance may issue at this moment.</summary>
    bool MayIssue => Enter().MayIssue;

    /// <summary>The term of the lease at this moment, to be taken before Redis or memory is asked.</summary>
    LeaseTerm Enter();

    /// <summary>Whether the lease has held without a break since <paramref name="term"/> was taken: only then is an answer believed.</summary>
    bool Holds(LeaseTerm term);
}
