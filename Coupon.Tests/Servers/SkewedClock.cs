namespace Coupon.Tests.Servers;

/// <summary>The clock of a machine that is wrong.</summary>
/// <param name="by">By how much it is ahead; negative: behind.</param>
internal sealed class SkewedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
