using System.CommandLine;
using System.Diagnostics;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Waiting;

/// <summary><c>idle</c>: what processes and servers cost while coupons are open and nobody presses.</summary>
internal static class IdleCommand
{
    private const string Topic = "idle";

    // What a start and the coupons leave to do is done by then.
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var coupons = SizeOption.Create("--coupons", 2_000, 1_000_000, "Open, and nobody presses.");
        var seconds = SizeOption.Create("--seconds", 20, 3_600, "Of a measurement.");
        var command = new Command("idle", "CPU of each process while coupons are open and nobody presses, in percent of a core.")
        {
            coupons,
            seconds,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                var window = TimeSpan.FromSeconds(parsed.GetValue(seconds));
                await using var stack = await BenchmarkStack.StartAsync(cancellationToken);
                await using var processes = new ServerProcesses(stack.LogFolder);
                await stack.CreateTopicsAsync(Topic);
                var environment = stack.Environment(Topic);
                var bare = await processes.StartAsync(BaselineServer.Bare, Programs.Baseline(BaselineServer.Bare, environment), cancellationToken);
                var api = await processes.StartAsync("API", settings.Programs.Api(environment), cancellationToken);
                var consumer = await processes.StartAsync("consumer", settings.Programs.Consumers(environment), cancellationToken);
                (string Name, int ProcessId)[] watched =
                [
                    (bare.Name, bare.ProcessId),
                    (api.Name, api.ProcessId),
                    (consumer.Name, consumer.ProcessId),
                    .. stack.Processes,
                ];

                var foreign = new ForeignLoad();
                var rows = new List<Row>();
                var open = 0;
                foreach (var count in new[] { 1, parsed.GetValue(coupons) }.Distinct())
                {
                    await CouponClient.CreateManyAsync(api, quantity: 10, count - open, cancellationToken);
                    open = count;
                    await Task.Delay(_settling, TimeProvider.System, cancellationToken);
                    rows.AddRange(await MeasureAsync(watched, count, settings.Rounds, window, cancellationToken));
                }

                string[] notes =
                [
                    $"{window.TotalSeconds:N0} s a measurement, of all processes at once, {_settling.TotalSeconds:N0} s after the coupons were made.",
                    stack.Note,
                    foreign.Note(),
                ];
                await Report.WriteAsync(settings.Output, "idle", new Table("Nobody presses", rows, notes));
            }
        );
        return command;
    }

    private static async Task<IEnumerable<Row>> MeasureAsync(
        (string Name, int ProcessId)[] watched,
        int coupons,
        int rounds,
        TimeSpan window,
        CancellationToken cancellationToken
    )
    {
        var figures = watched.ToDictionary(process => process.Name, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var uses = new ProcessUses(watched);
            var watch = Stopwatch.StartNew();
            await Task.Delay(window, TimeProvider.System, cancellationToken);
            var elapsed = watch.Elapsed.TotalSeconds;
            foreach (var (name, use) in uses.Read())
                figures[name].Add(100 * use.Seconds / elapsed);
        }

        return figures.Select(process => new Row($"{process.Key}, {coupons:N0} open", "% of a core", new Samples(process.Value)));
    }
}
