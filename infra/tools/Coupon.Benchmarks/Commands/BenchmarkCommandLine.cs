using System.CommandLine;
using Coupon.Benchmarks.Accepting;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Consuming;
using Coupon.Benchmarks.Growth;
using Coupon.Benchmarks.Rider;
using Coupon.Benchmarks.Sales;
using Coupon.Benchmarks.SoldOut;
using Coupon.Benchmarks.Waiting;

namespace Coupon.Benchmarks.Commands;

/// <summary>One subcommand for each question. Each prints its table and writes it as Markdown and JSON.</summary>
internal static class BenchmarkCommandLine
{
    /// <summary>All commands.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Measures the coupon service against its baselines, in one run, on this machine.")
        {
            AcceptCommand.Create(),
            AcceptGuard.Create(),
            ConsumeCommand.Create(),
            SoldOutCommand.Create(),
            RiderCommand.Create(),
            SaleCommand.Create(),
            K6Command.Create(),
            GrowthCommand.Create(),
            StartCommand.Create(),
            IdleCommand.Create(),
            BaselineServer.Command(),
        };
        foreach (var option in Settings.Options)
            root.Options.Add(option);
        return root;
    }
}
