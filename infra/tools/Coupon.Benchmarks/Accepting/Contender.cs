using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>One row of the accept path: a server, and the coupon that it gives out.</summary>
/// <param name="Name">Of the row.</param>
/// <param name="Server">Where to send requests.</param>
/// <param name="Coupons">The coupons to ask for in turn in a measurement, with stock for all of it; made before the clock runs.</param>
/// <param name="Baseline">The row that it is compared with.</param>
internal sealed record Contender(string Name, ServerProcess Server, Func<CancellationToken, Task<IReadOnlyList<long>>> Coupons, string? Baseline)
{
    /// <summary>Every answer is meant to be a refusal.</summary>
    public bool IsSoldOut { get; init; }

    /// <summary>The same coupon in every measurement.</summary>
    public static Func<CancellationToken, Task<IReadOnlyList<long>>> Always(long couponId) => _ => Task.FromResult<IReadOnlyList<long>>([couponId]);
}
