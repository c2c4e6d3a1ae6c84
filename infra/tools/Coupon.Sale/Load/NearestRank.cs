namespace Coupon.Sale.Load;

/// <summary>The percentile by the nearest-rank method: the smallest value with at least this share of all values at or below it.</summary>
internal static class NearestRank
{
    /// <param name="sorted">Ascending; at least one.</param>
    /// <param name="share">0.95 is the 95th percentile.</param>
    public static T Of<T>(IReadOnlyList<T> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
