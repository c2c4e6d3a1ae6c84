using System.Diagnostics;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Plots;
using Coupon.LocalStack;
using Coupon.Sale;
using Coupon.Sale.Deployment;

namespace Coupon.Benchmarks.Sales;

/// <summary>Freshly started processes, then one sale after the other.</summary>
internal sealed class SaleSeries(LocalServers servers, SaleOptions options, int sales)
{
    private readonly List<SaleFigures> _cold = [];
    private readonly List<SaleFigures> _warm = [];
    private SaleRunner? _last;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupon-benchmarks-").FullName;
        await using var service = await Service.StartAsync(servers, options.Instances, folder, cancellationToken);
        _last = new SaleRunner(service, options, [.. Processes(service)]);
        for (var sale = 1; sale <= sales; sale++)
        {
            var figures = await _last.RunAsync(cancellationToken);
            await Console.Error.WriteLineAsync(
                $"  sale {sale}: {figures.RequestsPerSecond:N0}/s, p95 {figures.P95:N1} ms, {string.Join(", ", figures.Processes.Select(use => $"{use.Key} {use.Value.Seconds:N2} s {use.Value.Megabytes:N0} MB"))}");
            if (sale == 1) _cold.Add(figures);
            if (sale == sales) _warm.Add(figures);
        }
    }

    public List<Row> Rows()
    {
        List<Row> rows = [];
        Add("requests/s", figures => figures.RequestsPerSecond);
        Add("p50 ms", figures => figures.P50);
        Add("p95 ms", figures => figures.P95);
        Add("p99 ms", figures => figures.P99);
        Add("persisted/s", figures => figures.PersistedPerSecond);
        Add("s from last acceptance to last row", figures => figures.DrainSeconds);
        Add("commits", figures => figures.Commits);
        foreach (var name in _warm[0].Processes.Keys) Add($"CPU s of {name}", figures => figures.Processes[name].Seconds);
        Add("CPU s of all servers", figures => figures.Processes.Values.Sum(use => use.Seconds));
        foreach (var name in _warm[0].Processes.Keys) Add($"MB of {name}", figures => figures.Processes[name].Megabytes);
        foreach (var name in (string[])["API", "consumer"]) Add($"MB of {name}, mapped files not counted", figures => figures.Processes[name].PrivateMegabytes);
        return rows;

        void Add(string unit, Func<SaleFigures, double> figure)
        {
            rows.Add(new Row("cold", unit, new Samples([.. _cold.Select(figure)]), "warm"));
            rows.Add(new Row("warm", unit, new Samples([.. _warm.Select(figure)])));
        }
    }

    /// <summary>The last sale over time: answers and latency, accepted and written.</summary>
    public Task PlotAsync(string folder) => SalePlots.WriteAsync(folder, _last!.Tally, _last.Written, Stopwatch.Frequency);

    private IEnumerable<(string Name, int Id)> Processes(Service service)
    {
        foreach (var api in service.Instances) yield return ("API", api.ProcessId);
        yield return ("consumer", service.Consumer.ProcessId);
        if (servers.Redis is LocalServer redis) yield return ("Redis", redis.Process.Id);
        if (servers.Kafka is LocalServer kafka) yield return ("Kafka", kafka.Process.Id);
        if (servers.MySql is LocalServer mySql) yield return ("MySQL", mySql.Process.Id);
    }
}
