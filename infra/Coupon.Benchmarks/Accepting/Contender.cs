using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>One row of the accept path: a server, and the coupon that it gives out.</summary>
/// <param name="Name">Of the row.</param>
/// <param name="Server">Where to send requests.</param>
/// <param name="CouponId">A coupon of its own, with stock for the whole run.</param>
/// <param name="Baseline">The row that it is held against.</param>
internal sealed record Contender(string Name, ServerProcess Server, long CouponId, string? Baseline)
{
    public string Path => $"/coupons/{CouponId}/issuances";

    /// <summary>Every answer is meant to be a refusal.</summary>
    public bool IsSoldOut { get; init; }
}
