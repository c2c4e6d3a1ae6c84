namespace Coupon.Stock;

/// <summary>
/// Stands between a Redis that may have forgotten something and the next seat. The issue script is in the cache of Redis only while
/// the fence is open; whoever meets NOSCRIPT reports it here and answers "try again in a moment".
/// </summary>
public interface IStockFence
{
    /// <summary>Whether the stock has been verified since this process last had a reason to doubt it.</summary>
    bool IsOpen { get; }

    /// <summary>Redis has restarted, failed over or forgotten the script: verify every open coupon before the next seat. Returns at once.</summary>
    /// <param name="reason">What was seen, for the log.</param>
    void Doubt(string reason);

    /// <summary>MySQL knows this coupon and Redis does not: verify this one. Returns at once; reported often, it is verified once.</summary>
    void DoubtCoupon(long couponId);
}
