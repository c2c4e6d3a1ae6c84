using Coupon.Stock;

namespace Coupon.Tests.Stock;

/// <summary>A fence that a test opens and closes by itself.</summary>
internal sealed class OpenFence : IStockFence
{
    private LeaseTerm _term = new(1, 0, long.MaxValue);

    public LeaseTerm Enter() => _term;

    public bool IsWaitedFor { get; init; } = true;

    public bool Holds(LeaseTerm term) => term.HoldsAt(0);

    public void Doubt(string reason)
    {
        _term.End();
        _term = new LeaseTerm(_term.Number + 1, 0, long.MaxValue);
    }

    public void DoubtCoupon(long couponId)
    {
        // Nobody looks.
    }
}
