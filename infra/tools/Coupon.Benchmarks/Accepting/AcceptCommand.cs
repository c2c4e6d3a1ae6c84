using System.CommandLine;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary><c>accept</c>: what deciding, remembering and producing cost, against servers that do less.</summary>
internal static class AcceptCommand
{
    private const long Stock = 1_000_000_000;

    public static Command Create()
    {
        var connections = SizeOption.Create("--connections", 200, 10_000, "Clients at once.");
        var seconds = SizeOption.Create("--seconds", 4, 3_600, "Of one measurement.");
        var command = new Command("accept", "Accepts a second, against bare Kestrel, hand-written code and the designs that usually come before.")
        {
            connections,
            seconds,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                await using var stack = await BenchmarkStack.StartAsync(cancellationToken);
                await using var contenders = await Contenders.StartAsync(stack, settings.Programs, Stock, cancellationToken);
                var foreign = new ForeignLoad();
                var benchmark = new AcceptBenchmark(stack, contenders.All, parsed.GetValue(connections), parsed.GetValue(seconds));
                var rows = await benchmark.RunAsync(settings.Rounds, cancellationToken);
                string[] notes =
                [
                    $"wrk, 1 thread, {parsed.GetValue(connections)} connections, {parsed.GetValue(seconds)} s a measurement, "
                        + "every request another user, no consumer unless said.",
                    stack.Note,
                    benchmark.QuietNote,
                    foreign.Note(),
                ];
                await Report.WriteAsync(settings.Output, "accept", new Table("Accept path", rows, notes));
            }
        );
        return command;
    }
}
