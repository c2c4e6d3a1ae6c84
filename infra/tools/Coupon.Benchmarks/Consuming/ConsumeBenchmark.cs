using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Consuming;

/// <summary>How fast a backlog becomes rows: all contenders in turn, round after round, each time with its own coupon.</summary>
internal sealed class ConsumeBenchmark(BenchmarkStack stack, IReadOnlyList<IDrain> drains, int messages)
{
    private readonly QuietServers _quiet = new([.. stack.Processes.Select(process => process.ProcessId)], stack.Redis);
    private readonly Dictionary<IDrain, List<Drained>> _results = drains.ToDictionary(drain => drain, _ => new List<Drained>());

    /// <summary>One line for the notes of a table.</summary>
    public string QuietNote => _quiet.Note();

    /// <summary>Runs one round to warm up and then the rounds that count.</summary>
    public async Task<List<Row>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var drain in Turns.Of(drains, round))
            {
                var result = await MeasureAsync(drain, cancellationToken);
                var turn = round == 0 ? "warm-up" : $"round {round}";
                await Console.Error.WriteLineAsync($"  {turn}: {drain.Name}: {Samples.Figure(result.RowsPerSecond)} rows/s");
                if (round > 0)
                    _results[drain].Add(result);
            }
        }

        return
        [
            .. Rows("rows/s", result => result.RowsPerSecond),
            .. Rows("rows a commit", result => result.RowsPerCommit),
            .. Rows("µs CPU a row", result => result.Microseconds),
            .. ((string[])["MySQL", "Kafka"])
                .Where(name => stack.Processes.Any(process => process.Name == name))
                .SelectMany(name => Rows($"µs CPU of {name} a row", result => result.ServerMicroseconds[name])),
        ];
    }

    private async Task<Drained> MeasureAsync(IDrain drain, CancellationToken cancellationToken)
    {
        var couponIds = await ManyCoupons.CreateAsync(drain.Coupons, stop => stack.CreateCouponAsync(messages, stop), cancellationToken);
        await drain.HoldAsync(Backlog.Issuances(couponIds, messages), cancellationToken);
        await _quiet.WaitAsync(cancellationToken);
        var commits = await WrittenRows.CommitsAsync(stack.MySql);
        var processor = drain.ProcessorSeconds;
        var servers = new ProcessUses([.. stack.Processes]);
        await drain.ReleaseAsync(cancellationToken);
        var rows = await WrittenRows.WaitAsync(stack.MySql, couponIds, messages, commits, cancellationToken);
        return new Drained(
            rows.PerSecond,
            messages / (double)rows.Commits,
            (drain.ProcessorSeconds - processor) * 1e6 / messages,
            servers.Read().ToDictionary(server => server.Key, server => server.Value.Seconds * 1e6 / messages)
        );
    }

    private IEnumerable<Row> Rows(string unit, Func<Drained, double> figure) =>
        drains.Select(
            (drain, index) => new Row(drain.Name, unit, new Samples([.. _results[drain].Select(figure)]), index == 0 ? null : drains[0].Name)
        );

    private sealed record Drained(
        double RowsPerSecond,
        double RowsPerCommit,
        double Microseconds,
        IReadOnlyDictionary<string, double> ServerMicroseconds
    );
}
