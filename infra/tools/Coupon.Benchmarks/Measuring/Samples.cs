using System.Globalization;

namespace Coupon.Benchmarks.Measuring;

/// <summary>The measurements of one row, one for each round. The machine is noisy: a figure without its spread says little.</summary>
internal sealed class Samples(IReadOnlyList<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    /// <summary>In the order of the rounds, so that a round of one row can be compared with the same round of another.</summary>
    public IReadOnlyList<double> Rounds => values;

    public double Min => _sorted[0];

    public double Median =>
        _sorted.Length % 2 == 1 ? _sorted[_sorted.Length / 2] : (_sorted[(_sorted.Length / 2) - 1] + _sorted[_sorted.Length / 2]) / 2;

    public double Max => _sorted[^1];

    /// <summary>The median of the ratios round by round: what disturbed one round disturbed both of its sides.</summary>
    public double RatioTo(Samples baseline) => new Samples([.. values.Zip(baseline.Rounds, (mine, theirs) => mine / theirs)]).Median;

    public override string ToString() => $"{Figure(Min)} / **{Figure(Median)}** / {Figure(Max)}";

    /// <summary>Three significant digits, with separators of thousands.</summary>
    public static string Figure(double value) =>
        Math.Abs(value) switch
        {
            >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
            _ => value.ToString("0.00", CultureInfo.InvariantCulture),
        };
}
