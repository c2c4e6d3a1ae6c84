using Coupon.Benchmarks.Measuring;

namespace Coupon.Benchmarks.Sales;

/// <summary>What one sale showed.</summary>
/// <param name="Load">What the clients saw.</param>
/// <param name="Processes">CPU seconds and memory of every process that served it, by name.</param>
internal sealed record SaleFigures(LoadFigures Load, IReadOnlyDictionary<string, ProcessUse> Processes)
{
    /// <summary>How its rows came into MySQL; null if the server has no MySQL.</summary>
    public RowFigures? Rows { get; init; }
}

/// <summary>What the clients saw.</summary>
/// <param name="RequestsPerSecond">All requests, refusals included, by the clock of the load.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P95">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Seconds">CPU time of the load itself.</param>
internal sealed record LoadFigures(double RequestsPerSecond, double P50, double P95, double P99, double Seconds);

/// <summary>How the rows came into MySQL.</summary>
/// <param name="PerSecond">Rows, from the first acceptance to the last row.</param>
/// <param name="DrainSeconds">From the last acceptance to the last row.</param>
/// <param name="Commits">Transactions that MySQL committed during the sale.</param>
internal sealed record RowFigures(double PerSecond, double DrainSeconds, long Commits);
