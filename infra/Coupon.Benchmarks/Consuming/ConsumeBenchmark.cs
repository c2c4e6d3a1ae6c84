using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Consuming;

/// <summary>A held backlog becomes rows: each contender in turn, round after round, every time a coupon of its own.</summary>
internal sealed class ConsumeBenchmark(BenchmarkStack stack, IReadOnlyList<IDrain> drains, int messages)
{
    private readonly QuietServers _quiet = new([.. stack.Processes.Select(process => process.ProcessId)]);
    private readonly Dictionary<IDrain, List<Drained>> _results = drains.ToDictionary(drain => drain, _ => new List<Drained>());

    public async Task<List<Row>> RunAsync(int rounds)
    {
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var drain in Turns.Of(drains, round))
            {
                var result = await MeasureAsync(drain);
                await Console.Error.WriteLineAsync($"  {(round == 0 ? "warm-up" : $"round {round}")}: {drain.Name}: {Samples.Figure(result.RowsPerSecond)} rows/s");
                if (round > 0) _results[drain].Add(result);
            }
        }

        return [.. Rows("rows/s", result => result.RowsPerSecond), .. Rows("rows a commit", result => result.RowsPerCommit), .. Rows("µs CPU a row", result => result.Microseconds)];
    }

    private async Task<Drained> MeasureAsync(IDrain drain)
    {
        List<long> couponIds = [];
        for (var coupon = 0; coupon < drain.Coupons; coupon++) couponIds.Add(await stack.CreateCouponAsync(messages));
        await drain.HoldAsync(Backlog.Issuances(couponIds, messages));
        await _quiet.WaitAsync();
        var commits = await WrittenRows.CommitsAsync(stack.MySql);
        var processor = drain.ProcessorSeconds;
        await drain.ReleaseAsync();
        var rows = await WrittenRows.WaitAsync(stack.MySql, couponIds, messages, commits);
        return new Drained(rows.PerSecond, messages / (double)rows.Commits, (drain.ProcessorSeconds - processor) * 1e6 / messages);
    }

    private IEnumerable<Row> Rows(string unit, Func<Drained, double> figure) =>
        drains.Select((drain, index) => new Row(drain.Name, unit, new Samples([.. _results[drain].Select(figure)]), index == 0 ? null : drains[0].Name));

    private sealed record Drained(double RowsPerSecond, double RowsPerCommit, double Microseconds);
}
