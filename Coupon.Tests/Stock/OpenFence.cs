using Coupon.Stock;
using Coupon.Stock.Shards;

namespace Coupon.Tests.Stock;

/// <summary>A fence that a test opens and closes by itself.</summary>
internal sealed class OpenFence : IStockFence
{
    private LeaseTerm _term = new(1, 0, "", long.MaxValue);

    public IReadOnlyList<ShardLease> Leases => [new(Shard.Whole, _term)];

    /// <summary>Whether a verification waits for this instance.</summary>
    public bool WaitedFor { get; init; } = true;

    public LeaseTerm Enter(long couponId) => _term;

    public bool IsWaitedFor(long couponId) => WaitedFor;

    public bool Holds(LeaseTerm term) => term.HoldsAt(0);

    public void Doubt(long couponId, string reason)
    {
        _term.End();
        _term = new LeaseTerm(_term.Number + 1, 0, "", long.MaxValue);
    }

    public void DoubtCoupon(long couponId)
    {
        // Nobody looks.
    }
}
