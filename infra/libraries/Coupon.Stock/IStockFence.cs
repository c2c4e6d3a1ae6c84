namespace Coupon.Stock;

/// <summary>
/// Stands between a Redis that may have forgotten something and the next seat. This instance may issue while it holds a lease that other instances
/// can judge, and the issue script is in the cache of Redis only while the stock is verified: an instance that meets NOSCRIPT reports it here and
/// answers "try again in a moment".
/// </summary>
public interface IStockFence : IInstanceLease
{
    /// <summary>Redis has restarted, failed over or forgotten the script: verify every open coupon before the next seat. Returns at once.</summary>
    /// <param name="reason">What was seen, for the log.</param>
    void Doubt(string reason);

    /// <summary>
    /// MySQL knows this coupon and Redis does not, or only from before the last verification: verify this one. Returns at once; reported often, it is
    /// verified once.
    /// </summary>
    void DoubtCoupon(long couponId);
}
