using Coupon.Benchmarks.Load;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>Accepts a second, every request another user, closed loop: each contender in turn, round after round.</summary>
/// <param name="stack">The servers that all share.</param>
/// <param name="contenders">All running; those that wait for their turn are idle.</param>
/// <param name="connections">How many clients at once.</param>
/// <param name="seconds">How long one measurement is.</param>
internal sealed class AcceptBenchmark(BenchmarkStack stack, IReadOnlyList<Contender> contenders, int connections, int seconds)
{
    private readonly QuietServers _quiet = new([.. stack.Processes.Select(process => process.ProcessId)]);
    private long _nextUser = 1;

    /// <summary>One discarded round, then as many as asked for.</summary>
    public async Task<List<Row>> RunAsync(int rounds)
    {
        var results = contenders.ToDictionary(contender => contender, _ => new List<LoadResult>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var contender in Turns.Of(contenders, round))
            {
                var result = await MeasureAsync(contender);
                await Console.Error.WriteLineAsync($"  {(round == 0 ? "warm-up" : $"round {round}")}: {contender.Name}: {Samples.Figure(result.PerSecond)}/s, p99 {result.P99} ms, {result.ServerMicroseconds:F0} µs");
                if (round > 0) results[contender].Add(result);
            }
        }

        return [.. Rows("requests/s", result => result.PerSecond), .. Rows("p99 ms", result => result.P99), .. Rows("µs CPU of the server a request", result => result.ServerMicroseconds)];

        IEnumerable<Row> Rows(string unit, Func<LoadResult, double> figure) =>
            contenders.Select(contender => new Row(contender.Name, unit, new Samples([.. results[contender].Select(figure)]), contender.Baseline));
    }

    private async Task<LoadResult> MeasureAsync(Contender contender)
    {
        var couponId = await contender.Coupon();
        await _quiet.WaitAsync();
        var processor = contender.Server.ProcessorSeconds;
        var result = await Wrk.RunAsync(
            contender.Server.Address, couponId, contender.Coupons, _nextUser, connections, TimeSpan.FromSeconds(seconds), contender.IsSoldOut);
        _nextUser += Wrk.UsersPerRun;
        return result with { ServerMicroseconds = (contender.Server.ProcessorSeconds - processor) * 1e6 / result.Requests };
    }
}
