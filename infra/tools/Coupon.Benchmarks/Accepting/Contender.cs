using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>One row of the accept path: a server, and the coupon that it gives out.</summary>
/// <param name="Name">Of the row.</param>
/// <param name="Server">Where to send requests.</param>
/// <param name="Coupon">The first coupon to ask for in a measurement, with stock for all of it; made before the clock runs.</param>
/// <param name="Baseline">The row that it is compared with.</param>
internal sealed record Contender(string Name, ServerProcess Server, Func<CancellationToken, Task<long>> Coupon, string? Baseline)
{
    /// <summary>How many coupons are given out in turn, with ids in a row.</summary>
    public int Coupons { get; init; } = 1;

    /// <summary>Every answer is meant to be a refusal.</summary>
    public bool IsSoldOut { get; init; }

    /// <summary>The same coupon in every measurement.</summary>
    public static Func<CancellationToken, Task<long>> Always(long couponId) => _ => Task.FromResult(couponId);
}
