using System.CommandLine;
using Coupon.Arguments;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;

namespace Coupon.Benchmarks.Rider;

/// <summary><c>rider</c>: the CPU time of this process for a message, compared with the Kafka client alone. The broker is another process.</summary>
internal static class RiderCommand
{
    private const int Partitions = 6;

    // At least ten sends, because the memory is read after each tenth.
    private const int ShortestLongRun = 10 * MemoryBenchmark.AtOnce;

    public static Command Create()
    {
        var messages = SizeOption.Create("--messages", 200_000, 100_000_000, "Of one measurement.");
        var long_ = SizeOption.Create("--long-run", 0, LongRun(), "Messages of a long run that watches memory; 10,000,000 say; 0: none.");
        var command = new Command("rider", "The rider against the Kafka client alone: producing, batches, two consumers, memory.")
        {
            messages,
            long_,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                await using var kafka = await ServiceServers.StartKafkaAsync(cancellationToken);
                var foreign = new ForeignLoad();
                var rows = new List<Row>();
                rows.AddRange(await new ProduceBenchmark(kafka, parsed.GetValue(messages), Partitions).RunAsync(settings.Rounds, cancellationToken));
                rows.AddRange(await new BatchBenchmark(kafka, parsed.GetValue(messages), Partitions).RunAsync(settings.Rounds, cancellationToken));
                rows.AddRange(await new ScalingBenchmark(kafka).RunAsync(settings.Rounds, cancellationToken));
                if (parsed.GetValue(long_) is > 0 and var count)
                    rows.AddRange(await new MemoryBenchmark(kafka, count, Partitions).RunAsync(cancellationToken));
                string[] notes =
                [
                    $"{parsed.GetValue(messages):N0} messages a measurement, {Partitions} partitions, lz4, acks=all, idempotent, 4 headers, "
                        + "1,000 produced at once.",
                    kafka.Description,
                    foreign.Note(),
                ];
                await Report.WriteAsync(settings.Output, "rider", new Table("The rider beside the Kafka client alone", rows, notes));
            }
        );
        return command;
    }

    private static Accepted<int> LongRun()
    {
        var words = $"0 or a whole number from {ShortestLongRun} to {int.MaxValue}";
        var whole = Values.Whole(0, int.MaxValue);
        return new Accepted<int>(words, (string text, out int value) =>
            whole.Read(text, out value) is null && value is 0 or >= ShortestLongRun ? null : Values.Fault(words, text)
        );
    }
}
