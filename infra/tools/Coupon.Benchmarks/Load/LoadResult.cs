namespace Coupon.Benchmarks.Load;

/// <summary>What a load generator saw.</summary>
/// <param name="Requests">Answers received.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="P50">Milliseconds within which half of the answers came.</param>
/// <param name="P95">Milliseconds for 95 of 100.</param>
/// <param name="P99">Milliseconds for 99 of 100.</param>
internal sealed record LoadResult(long Requests, double Seconds, double P50, double P95, double P99)
{
    /// <summary>CPU time of the server for one answer, in µs: what is left of a figure when the machine is shared.</summary>
    public double ServerMicroseconds { get; init; }

    public double PerSecond => Requests / Seconds;
}
