namespace Coupon.Sale.Load;

/// <summary>The one rule for percentiles: the smallest value that at least the share of all values does not exceed.</summary>
internal static class NearestRank
{
    /// <param name="sorted">Ascending; at least one.</param>
    /// <param name="share">0.95 is the 95th percentile.</param>
    public static T Of<T>(IReadOnlyList<T> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
