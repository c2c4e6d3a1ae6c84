using System.CommandLine;
using Coupon.LocalServers;
using Coupon.Sale.Load;

namespace Coupon.Benchmarks.Sales;

/// <summary>How large the sales are, and how a table says so.</summary>
internal sealed class SaleSizes
{
    /// <summary>Enough for sales in a row: with less, the checkpoints of the redo log would be measured.</summary>
    public static readonly LocalMySqlOptions MySql = new() { BufferPoolMegabytes = 1024, RedoLogMegabytes = 1024 };

    private readonly Option<int> _stock = SizeOption.Create("--stock", 10_000, 1_000_000_000, "Coupons.");
    private readonly Option<int> _instances = SizeOption.Create("--instances", 1, 64, "Of the API.");
    private readonly Option<int> _sales = SizeOption.Create("--sales", 10, 1_000, "One after the other; the first one is cold, the last one warm.");

    public Option[] Options => [_stock, _instances, _sales];

    public (SaleOptions Options, int Sales) Of(ParseResult parsed) =>
        (new SaleOptions(10_000, 3, parsed.GetValue(_stock), parsed.GetValue(_instances), 200, false), parsed.GetValue(_sales));

    public static string Note(SaleOptions options, string clients) =>
        $"{options.Users:N0} users × {options.RequestsPerUser} requests, stock {options.Stock:N0}, {options.Clients} {clients}, "
        + $"{options.Instances} × API, 1 × consumer.";

    public static string Note(int sales) =>
        $"Each round starts the processes anew and runs {sales} sales: the first is cold, the last warm. "
        + "Servers and load were warmed up by a sale before.";

    public static string Note(ServiceServers servers) =>
        $"Redis: {servers.Redis.Description}. Kafka: {servers.Kafka.Description}. MySQL: {servers.MySql.Description}.";
}
