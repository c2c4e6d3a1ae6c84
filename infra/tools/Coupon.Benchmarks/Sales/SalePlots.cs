using Coupon.Benchmarks.Plots;
using Coupon.Sale.Load;

namespace Coupon.Benchmarks.Sales;

/// <summary>A sale over time: what clients saw, and how the rows followed.</summary>
internal static class SalePlots
{
    private const double BucketMs = 50;
    private const string Blue = "#1f6fb4";
    private const string Orange = "#c8610a";

    public static async Task WriteAsync(string folder, Tally tally, WrittenSale written, long ticksPerSecond)
    {
        var start = tally.Answers.Min(answer => answer.AnsweredAt - answer.Latency);
        var buckets = tally
            .Answers.Select(answer => (At: Milliseconds(answer.AnsweredAt - start), Latency: Milliseconds(answer.Latency)))
            .GroupBy(answer => Math.Floor(answer.At / BucketMs))
            .OrderBy(bucket => bucket.Key)
            .Select(bucket =>
                (At: bucket.Key * BucketMs, Count: bucket.Count(), Latencies: bucket.Select(answer => answer.Latency).Order().ToArray())
            )
            .ToArray();

        await SaveAsync(
            "sale-throughput.svg",
            LineChart.Draw(
                "Answers over time",
                "ms",
                "requests/s",
                [new Line("answers", Blue, [.. buckets.Select(bucket => (bucket.At, bucket.Count * 1000 / BucketMs))])]
            )
        );
        await SaveAsync(
            "sale-latency.svg",
            LineChart.Draw(
                "Latency over time",
                "ms",
                "ms",
                [
                    new Line("p50", Blue, [.. buckets.Select(bucket => (bucket.At, NearestRank.Of(bucket.Latencies, 0.5)))]),
                    new Line("p95", Orange, [.. buckets.Select(bucket => (bucket.At, NearestRank.Of(bucket.Latencies, 0.95)))]),
                ]
            )
        );
        await SaveAsync(
            "sale-drain.svg",
            LineChart.Draw(
                "Accepted and written",
                "ms",
                "coupons",
                [new Line("accepted", Blue, Cumulated(written.Issued)), new Line("in MySQL", Orange, Cumulated(written.Persisted))]
            )
        );

        double Milliseconds(long ticks) => ticks * 1000.0 / ticksPerSecond;
        Task SaveAsync(string name, string svg) => File.WriteAllTextAsync(Path.Combine(folder, name), svg);
    }

    // One point a millisecond: rows of one transaction share theirs.
    private static (double X, double Y)[] Cumulated(IReadOnlyList<double> times) =>
        [.. times.Index().GroupBy(entry => Math.Floor(entry.Item)).Select(group => (group.Key, (double)group.Last().Index + 1))];
}
