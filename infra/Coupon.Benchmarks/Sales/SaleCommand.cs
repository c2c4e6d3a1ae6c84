using System.CommandLine;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalStack;
using Coupon.Sale;

namespace Coupon.Benchmarks.Sales;

/// <summary><c>sale</c>: the sale that the service exists for, from freshly started processes to warm ones.</summary>
internal static class SaleCommand
{
    private static readonly LocalMySqlOptions _mySql = new() { BufferPoolMegabytes = 1024, RedoLogMegabytes = 1024 };

    public static Command Create()
    {
        var stock = new Option<int>("--stock") { DefaultValueFactory = _ => 10_000, Description = "Coupons." };
        var instances = new Option<int>("--instances") { DefaultValueFactory = _ => 1, Description = "Of the API." };
        var sales = new Option<int>("--sales") { DefaultValueFactory = _ => 10, Description = "One after the other; the first one is cold, the last one warm." };
        var command = new Command("sale", "10,000 users, three rapid requests each: cold and warm, with the CPU time and memory of every process.") { stock, instances, sales };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = Settings.Of(parsed);
            var options = new SaleOptions(10_000, 3, parsed.GetValue(stock), parsed.GetValue(instances), 200, false);
            await using var servers = await LocalServers.StartAsync(_mySql, cancellationToken);
            var series = new SaleSeries(servers, options, parsed.GetValue(sales));

            // Once for Kafka, MySQL and the load itself: that they are cold too is not what the first sale of a fresh service is about.
            await new SaleSeries(servers, options, 1).RunAsync(cancellationToken);
            var foreign = new ForeignLoad();
            for (var round = 1; round <= settings.Rounds; round++) await series.RunAsync(cancellationToken);
            string[] notes =
            [
                $"{options.Users:N0} users × {options.RequestsPerUser} requests, stock {options.Stock:N0}, {options.Clients} clients on bare sockets, {options.Instances} × API, 1 × consumer.",
                $"Each round starts the processes anew and holds {parsed.GetValue(sales)} sales: the first is cold, the last warm. Servers and load were warmed up by a sale before.",
                $"Redis: {servers.Redis.Description}. Kafka: {servers.Kafka.Description}. MySQL: {servers.MySql.Description}.", foreign.Note(),
            ];
            await Measuring.Report.WriteAsync(settings.Output, "sale", new Table($"The sale, stock {options.Stock:N0}", series.Rows(), notes));
            await series.PlotAsync(settings.Output);
        });
        return command;
    }
}
