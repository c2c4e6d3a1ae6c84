namespace Coupon.Tests.Servers;

/// <summary>The clock of a machine that is wrong.</summary>
/// <param name="by">By how much it is ahead; negative: behind.</param>
internal sealed class SkewedClock(TimeSpan by) : TimeProvider
{
    private long _by = by.Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _by));

    /// <summary>Sets it further ahead.</summary>
    public void Advance(TimeSpan more) => Interlocked.Add(ref _by, more.Ticks);
}
