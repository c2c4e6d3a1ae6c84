using Coupon.Stock.Shards;

namespace Coupon.Stock;

/// <summary>
/// Stands between a Redis that may have forgotten something and the next seat. This instance may issue while it holds a lease that other instances
/// can judge, and the issue script is in the cache of Redis only while the stock is verified: an instance that meets NOSCRIPT reports it here and
/// answers "try again in a moment".
/// </summary>
public interface IStockFence : IInstanceLease
{
    /// <summary>The leases of all shards at this moment.</summary>
    IReadOnlyList<ShardLease> Leases { get; }

    /// <summary>
    /// Redis has restarted, failed over or forgotten the script: verify every open coupon of this one's shard before the next seat. Returns at once.
    /// </summary>
    /// <param name="couponId">The coupon whose press has met it.</param>
    /// <param name="reason">What was seen, for the log.</param>
    void Doubt(long couponId, string reason);

    /// <summary>
    /// MySQL knows this coupon and Redis does not, or only from before the last verification: verify this one. Returns at once; reported often, it is
    /// verified once.
    /// </summary>
    void DoubtCoupon(long couponId);
}

/// <summary>A shard, and the lease that this instance has for it.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Term">The term; <see cref="LeaseTerm.Closed"/>: it may not issue.</param>
public readonly record struct ShardLease(Shard Shard, LeaseTerm Term);
