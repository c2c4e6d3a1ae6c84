using System.CommandLine;
using Coupon.Benchmarks.Accepting;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Load;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.SoldOut;

/// <summary><c>sold-out</c>: the cost of a refusal, which is the most frequent answer.</summary>
internal static class SoldOutCommand
{
    private const string Ours = "ours, sold out";
    private const string Topic = "sold-out";
    private const int Connections = 200;
    private const int Seconds = 4;

    public static Command Create()
    {
        var command = new Command("sold-out", "Refusals a second for a coupon that is sold out, against bare Kestrel.");
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                await using var stack = await BenchmarkStack.StartAsync(cancellationToken);
                await stack.CreateTopicsAsync(Topic);
                var bare = Programs.Baseline(BaselineServer.BareRefusing, stack.Environment(Topic));
                await using var bareServer = await ServerProcess.StartAsync(BaselineServer.BareRefusing, bare, stack.LogFolder, cancellationToken);
                await using var api = await ServerProcess.StartAsync(
                    "api",
                    settings.Programs.Api(stack.Environment(Topic)),
                    stack.LogFolder,
                    cancellationToken
                );

                Contender[] contenders =
                [
                    new(BaselineServer.BareRefusing, bareServer, Contender.Always(1), null) { IsSoldOut = true },
                    new(Ours, api, Contender.Always(await CreateSoldOutAsync(api, cancellationToken)), BaselineServer.BareRefusing)
                    {
                        IsSoldOut = true,
                    },
                ];
                var foreign = new ForeignLoad();
                var benchmark = new AcceptBenchmark(stack, contenders, Connections, Seconds);
                var rows = await benchmark.RunAsync(settings.Rounds, cancellationToken);
                string[] notes =
                [
                    $"wrk, 1 thread, {Connections} connections, {Seconds} s a measurement, every request another user.",
                    stack.Note,
                    benchmark.QuietNote,
                    foreign.Note(),
                ];
                await Report.WriteAsync(settings.Output, "sold-out", new Table("Sold out, from memory", rows, notes));
            }
        );
        return command;
    }

    /// <summary>A coupon with one seat, taken by a user outside the load.</summary>
    private static async Task<long> CreateSoldOutAsync(ServerProcess api, CancellationToken cancellationToken)
    {
        var couponId = await CouponClient.CreateAsync(api, quantity: 1, cancellationToken);
        await CouponClient.IssueAsync(api.Address, couponId, userId: Wrk.UsersPerRun * 1000, cancellationToken);
        return couponId;
    }
}
