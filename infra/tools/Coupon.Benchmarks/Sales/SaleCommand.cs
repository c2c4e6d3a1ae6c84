using System.CommandLine;
using System.Diagnostics;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;

namespace Coupon.Benchmarks.Sales;

/// <summary><c>sale</c>: a flash sale, from freshly started processes to warm ones.</summary>
internal static class SaleCommand
{
    public static Command Create()
    {
        var sizes = new SaleSizes();
        var command = new Command("sale", "10,000 users, three rapid requests each: cold and warm, with the CPU time and memory of every process.");
        foreach (var option in sizes.Options)
            command.Options.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                var (options, sales) = sizes.Of(parsed);
                await using var servers = await ServiceServers.StartAsync(SaleSizes.MySql, cancellationToken);
                SaleRunner? last = null;
                var series = new ServiceSeries(servers, options.Instances, (service, processes) =>
                    last = new SaleRunner(service, options, processes)
                );

                // Warms up Kafka, MySQL and the load: only the service is to be cold in the first sale.
                await series.RunAsync(1, cancellationToken);
                var foreign = new ForeignLoad();
                var rows = new SaleRows();
                for (var round = 1; round <= settings.Rounds; round++)
                {
                    var (cold, warm) = await series.RunAsync(sales, cancellationToken);
                    rows.Add("cold", cold, baseline: "warm");
                    rows.Add("warm", warm);
                }

                string[] notes =
                [
                    SaleSizes.Note(options, "clients on bare sockets"),
                    SaleSizes.Note(sales),
                    SaleSizes.Note(servers),
                    ServiceSeries.Note(servers),
                    foreign.Note(),
                ];
                await Measuring.Report.WriteAsync(settings.Output, "sale", new Table($"The sale, stock {options.Stock:N0}", rows.All(), notes));
                await SalePlots.WriteAsync(settings.Output, last!.Tally, last.Written, Stopwatch.Frequency);
            }
        );
        return command;
    }
}
