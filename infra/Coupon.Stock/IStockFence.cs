namespace Coupon.Stock;

/// <summary>
/// Stands between a Redis that may have forgotten something and the next seat. It is open while this instance holds a lease that others can judge,
/// and the issue
/// script is in the cache of Redis only while the stock is verified; whoever meets NOSCRIPT reports it here and answers "try again in a moment".
/// </summary>
public interface IStockFence
{
    /// <summary>Whether this instance may issue at this moment.</summary>
    bool IsOpen => Enter().IsOpen;

    /// <summary>The term of the lease at this moment, to be taken before Redis or memory is asked.</summary>
    LeaseTerm Enter();

    /// <summary>Whether the fence has been open without a break since <paramref name="term"/> was taken: only then is an answer believed.</summary>
    bool Holds(LeaseTerm term);

    /// <summary>Redis has restarted, failed over or forgotten the script: verify every open coupon before the next seat. Returns at once.</summary>
    /// <param name="reason">What was seen, for the log.</param>
    void Doubt(string reason);

    /// <summary>
    /// MySQL knows this coupon and Redis does not, or only from before the last verification: verify this one. Returns at once; reported often, it is
    /// verified once.
    /// </summary>
    void DoubtCoupon(long couponId);
}
