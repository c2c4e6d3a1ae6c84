namespace Coupon.Benchmarks.Load;

/// <summary>What the clients saw.</summary>
/// <param name="RequestsPerSecond">All requests, refusals included, by the clock of the load.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P95">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Seconds">CPU time of the load itself.</param>
internal sealed record LoadFigures(double RequestsPerSecond, double P50, double P95, double P99, double Seconds);
