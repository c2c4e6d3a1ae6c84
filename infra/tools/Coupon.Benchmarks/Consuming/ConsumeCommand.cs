using System.CommandLine;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Consuming;

/// <summary><c>consume</c>: how fast a held backlog becomes rows.</summary>
internal static class ConsumeCommand
{
    public static Command Create()
    {
        var messages = SizeOption.Create("--messages", 100_000, 10_000_000, "In the backlog.");
        var command = new Command("consume", "A held backlog becomes rows, against MySQL alone and against Wolverine.") { messages };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                await using var stack = await BenchmarkStack.StartAsync(cancellationToken);
                await using var drains = await Drains.StartAsync(stack, settings.Programs, cancellationToken);
                var foreign = new ForeignLoad();
                var benchmark = new ConsumeBenchmark(stack, drains.All, parsed.GetValue(messages));
                var rows = await benchmark.RunAsync(settings.Rounds, cancellationToken);
                string[] notes =
                [
                    $"A backlog of {parsed.GetValue(messages):N0} in 12 partitions; rows/s by MySQL's clock, from the first statement until all is "
                        + "committed.",
                    "CPU is the consumer's own process, where no server is named. Every consumer of Kafka loads large batches with LOAD DATA.",
                    stack.Note,
                    benchmark.QuietNote,
                    foreign.Note(),
                ];
                await Report.WriteAsync(settings.Output, "consume", new Table("Consume, from Kafka to MySQL", rows, notes));
            }
        );
        return command;
    }
}
