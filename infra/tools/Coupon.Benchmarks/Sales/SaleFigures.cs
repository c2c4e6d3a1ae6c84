using Coupon.Benchmarks.Load;
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

/// <summary>How the rows came into MySQL.</summary>
/// <param name="PerSecond">Rows, from the first acceptance to the last row.</param>
/// <param name="DrainSeconds">From the last acceptance to the last row.</param>
/// <param name="Commits">Transactions that MySQL committed during the sale.</param>
internal sealed record RowFigures(double PerSecond, double DrainSeconds, long Commits);
