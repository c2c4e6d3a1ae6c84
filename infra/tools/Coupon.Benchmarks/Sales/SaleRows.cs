using Coupon.Benchmarks.Measuring;

namespace Coupon.Benchmarks.Sales;

/// <summary>Collects the figures of sales by name, and makes a table of them.</summary>
internal sealed class SaleRows
{
    public const string Api = "API";
    public const string Consumer = "consumer";

    private readonly List<(string Name, string? Baseline, List<SaleFigures> Rounds)> _sales = [];

    /// <summary>Adds a round to the sales of this name.</summary>
    public void Add(string name, SaleFigures figures, string? baseline = null)
    {
        if (_sales.All(sale => sale.Name != name))
            _sales.Add((name, baseline, []));
        _sales.First(sale => sale.Name == name).Rounds.Add(figures);
    }

    /// <summary>The rows of each unit, one for each name that has the unit.</summary>
    public List<Row> All()
    {
        var processes = _sales.SelectMany(sale => sale.Rounds[0].Processes.Keys).Distinct().ToList();
        return
        [
            .. Rows("requests/s", sale => sale.Load.RequestsPerSecond),
            .. Rows("p50 ms", sale => sale.Load.P50),
            .. Rows("p95 ms", sale => sale.Load.P95),
            .. Rows("p99 ms", sale => sale.Load.P99),
            .. Rows("persisted/s", sale => sale.Rows?.PerSecond),
            .. Rows("s from last acceptance to last row", sale => sale.Rows?.DrainSeconds),
            .. Rows("commits", sale => sale.Rows?.Commits),
            .. processes.SelectMany(name => Rows($"CPU s of {name}", sale => sale.Processes.GetValueOrDefault(name)?.Seconds)),
            .. Rows("CPU s of all servers", sale => sale.Processes.Count > 1 ? sale.Processes.Values.Sum(use => use.Seconds) : null),
            .. Rows("CPU s of the load", sale => sale.Load.Seconds),
            .. processes.SelectMany(name => Rows($"MB of {name}", sale => sale.Processes.GetValueOrDefault(name)?.Megabytes)),
            .. ((string[])[Api, Consumer]).SelectMany(name =>
                Rows($"MB of {name}, mapped files not counted", sale => sale.Processes.GetValueOrDefault(name)?.PrivateMegabytes)
            ),
        ];
    }

    /// <summary>Prints a line of progress.</summary>
    public static Task LogAsync(string name, SaleFigures figures) =>
        Console.Error.WriteLineAsync(
            $"  {name}: {figures.Load.RequestsPerSecond:N0}/s, p95 {figures.Load.P95:N1} ms, load {figures.Load.Seconds:N2} s, "
                + string.Join(", ", figures.Processes.Select(use => $"{use.Key} {use.Value.Seconds:N2} s {use.Value.Megabytes:N0} MB"))
        );

    private IEnumerable<Row> Rows(string unit, Func<SaleFigures, double?> figure) =>
        from sale in _sales
        where figure(sale.Rounds[0]) is not null
        select new Row(sale.Name, unit, new Samples([.. sale.Rounds.Select(round => figure(round)!.Value)]), sale.Baseline);
}
