using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>One row of the accept path: a server, and the coupon that it gives out.</summary>
/// <param name="Name">Of the row.</param>
/// <param name="Server">Where to send requests.</param>
/// <param name="CouponId">A coupon of its own, with stock for the whole run.</param>
/// <param name="Baseline">The row that it is held against.</param>
internal sealed record Contender(string Name, ServerProcess Server, long CouponId, string? Baseline)
{
    /// <summary>How many coupons are given out in turn, with ids in a row.</summary>
    public int Coupons { get; init; } = 1;

    /// <summary>Every answer is meant to be a refusal.</summary>
    public bool IsSoldOut { get; init; }
}
