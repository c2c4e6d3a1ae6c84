namespace Coupon.Benchmarks.Measuring;

/// <summary>One line of a table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of the figures.</param>
/// <param name="Samples">One figure a round.</param>
/// <param name="Baseline">The name of the row of this table that this one is compared with; null: it is a baseline itself.</param>
internal sealed record Row(string Name, string Unit, Samples Samples, string? Baseline = null);
