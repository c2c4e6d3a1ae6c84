using System.Diagnostics.Metrics;

namespace Coupon.Stock;

/// <summary>
/// The instruments of this library. They belong to the process: a meter that is disposed takes the instruments of all others of its name with it, as
/// far as listeners see.
/// </summary>
public static class StockMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Coupon.Stock";

    private static readonly Meter _meter = new(MeterName);

    private static readonly Histogram<double> _verification = _meter.CreateHistogram(
        "coupon.verification.duration",
        "s",
        "A verification of the stock, by what it covered and how it ended; its coupons sell nothing meanwhile.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] }
    );

    internal static void Verified(bool everyCoupon, bool isCompleted, TimeSpan after) =>
        _verification.Record(
            after.TotalSeconds,
            new KeyValuePair<string, object?>("scope", everyCoupon ? "all" : "some"),
            new KeyValuePair<string, object?>("result", isCompleted ? "completed" : "interrupted")
        );
}
