using System.CommandLine;
using Coupon.Benchmarks.Accepting;
using Coupon.Benchmarks.Consuming;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Growth;

/// <summary><c>growth</c>: what more users, more coupons and more partitions cost.</summary>
internal static class GrowthCommand
{
    private const int Connections = 200;
    private const int Seconds = 4;
    private const int Messages = 100_000;

    public static Command Create()
    {
        var command = new Command("growth", "10,000 to 1,000,000 users of one coupon, 1 to 1,000 coupons, 3 to 24 partitions.");
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                await using var stack = await BenchmarkStack.StartAsync(cancellationToken);
                await using var sizes = await GrowthSizes.StartAsync(stack, settings.Programs, cancellationToken);
                var foreign = new ForeignLoad();
                var accept = new AcceptBenchmark(stack, sizes.Accepting, Connections, Seconds);
                var accepted = await accept.RunAsync(settings.Rounds, cancellationToken);
                var consume = new ConsumeBenchmark(stack, sizes.Consuming, Messages);
                var consumed = await consume.RunAsync(settings.Rounds, cancellationToken);
                string[] notes =
                [
                    $"Accepting: wrk, {Connections} connections, {Seconds} s, no consumer. Consuming: a held backlog of {Messages:N0}.",
                    $"Redis for each of the 1,000,000 users: {sizes.BytesPerUser:F0} bytes.",
                    $"Accepting: {accept.QuietNote}",
                    $"Consuming: {consume.QuietNote}",
                    stack.Note,
                    foreign.Note(),
                ];
                await Report.WriteAsync(settings.Output, "growth", new Table("Growth", [.. accepted, .. consumed], notes));
            }
        );
        return command;
    }
}
