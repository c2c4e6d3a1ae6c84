using System.CommandLine;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;
using Coupon.LocalServers;

namespace Coupon.Benchmarks.Sales;

/// <summary><c>k6</c>: the same sale with k6, against the most that k6 can do on this machine.</summary>
internal static class K6Command
{
    public static Command Create()
    {
        var sizes = new SaleSizes();
        var command = new Command("k6", "The sale with k6, cold and warm, against a server that decides in its own memory.");
        foreach (var option in sizes.Options)
            command.Options.Add(option);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                var (options, sales) = sizes.Of(parsed);
                await using var servers = await ServiceServers.StartAsync(SaleSizes.MySql, cancellationToken);
                var series = new ServiceSeries(servers, options.Instances, (service, processes) => new K6SaleRunner(service, options, processes));
                using var logs = new ScratchFolder("benchmark-logs");
                await using var server = await ServerProcess.StartAsync(
                    BaselineServer.InMemory,
                    Programs.Baseline(BaselineServer.InMemory, []),
                    logs.Path,
                    cancellationToken
                );
                var inMemory = new InMemorySaleRunner(server, options);

                await series.RunAsync(1, cancellationToken);
                for (var warmUp = 0; warmUp < sales; warmUp++)
                    await inMemory.RunAsync(cancellationToken);
                var foreign = new ForeignLoad();
                var rows = new SaleRows();
                for (var round = 1; round <= settings.Rounds; round++)
                {
                    var (cold, warm) = await series.RunAsync(sales, cancellationToken);
                    var baseline = await inMemory.RunAsync(cancellationToken);
                    await SaleRows.LogAsync(BaselineServer.InMemory, baseline);
                    rows.Add("cold", cold, baseline: "warm");
                    rows.Add("warm", warm, baseline: BaselineServer.InMemory);
                    rows.Add(BaselineServer.InMemory, baseline);
                }

                string[] notes =
                [
                    SaleSizes.Note(options, "virtual users of k6"),
                    SaleSizes.Note(sales),
                    "Servers and service have the scheduler's batch policy, k6 the usual one, as with infra/load.",
                    SaleSizes.Note(servers),
                    ServiceSeries.Note(servers),
                    foreign.Note(),
                ];
                await Report.WriteAsync(settings.Output, "k6", new Table($"The sale with k6, stock {options.Stock:N0}", rows.All(), notes));
            }
        );
        return command;
    }
}
