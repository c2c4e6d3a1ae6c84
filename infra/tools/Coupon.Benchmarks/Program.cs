using System.CommandLine;
using Coupon.Benchmarks;
using Coupon.Benchmarks.Accepting;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Consuming;
using Coupon.Benchmarks.Growth;
using Coupon.Benchmarks.Rider;
using Coupon.Benchmarks.Sales;
using Coupon.Benchmarks.SoldOut;

// One subcommand for each question. Each prints its table and writes it as Markdown and JSON.
var root = new RootCommand("Measures the coupon service against its baselines, in one run, on this machine.")
{
    AcceptCommand.Create(),
    ConsumeCommand.Create(),
    SoldOutCommand.Create(),
    RiderCommand.Create(),
    SaleCommand.Create(),
    K6Command.Create(),
    GrowthCommand.Create(),
    BaselineServer.Command(),
};
foreach (var option in Settings.Options)
    root.Options.Add(option);

// By default Ctrl-C ends the process after two seconds; an orderly stop of the servers may take longer.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
