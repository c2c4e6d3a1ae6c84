using Coupon.Benchmarks.Load;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>Accepts a second, each request for another user, closed loop: all contenders in turn, round after round.</summary>
/// <param name="stack">The servers that all share.</param>
/// <param name="contenders">All running; those that wait for their turn are idle.</param>
/// <param name="connections">How many clients at once.</param>
/// <param name="seconds">How long one measurement is.</param>
internal sealed class AcceptBenchmark(BenchmarkStack stack, IReadOnlyList<Contender> contenders, int connections, int seconds)
{
    /// <summary>The unit of the rows with the CPU time of a server.</summary>
    public const string CpuOfServer = "µs CPU of the server a request";

    // The runtime compiles a method again with what it has seen of its calls, off the path, and goes on with that under load for this long.
    private const int WarmUpSeconds = 20;

    private readonly QuietServers _quiet = new([.. stack.Processes.Select(process => process.ProcessId)], stack.Redis);
    private long _nextUser = 1;

    /// <summary>One line for the notes of a table.</summary>
    public string QuietNote => _quiet.Note();

    /// <summary>Runs one round to warm up and then the rounds that count.</summary>
    public async Task<List<Row>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var results = contenders.ToDictionary(contender => contender, _ => new List<LoadResult>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var contender in Turns.Of(contenders, round))
            {
                var result = await MeasureAsync(contender, round == 0 ? Math.Max(seconds, WarmUpSeconds) : seconds, cancellationToken);
                var turn = round == 0 ? "warm-up" : $"round {round}";
                await Console.Error.WriteLineAsync(
                    $"  {turn}: {contender.Name}: {Samples.Figure(result.PerSecond)}/s, p99 {result.P99} ms, {result.ServerMicroseconds:F0} µs"
                );
                if (round > 0)
                    results[contender].Add(result);
            }
        }

        return
        [
            .. Rows("requests/s", result => result.PerSecond),
            .. Rows("p99 ms", result => result.P99),
            .. Rows(CpuOfServer, result => result.ServerMicroseconds),
        ];

        IEnumerable<Row> Rows(string unit, Func<LoadResult, double> figure) =>
            contenders.Select(contender => new Row(contender.Name, unit, new Samples([.. results[contender].Select(figure)]), contender.Baseline));
    }

    private async Task<LoadResult> MeasureAsync(Contender contender, int length, CancellationToken cancellationToken)
    {
        var coupons = await contender.Coupons(cancellationToken);
        await _quiet.WaitAsync(cancellationToken);
        var address = contender.Server.Address;
        var check = contender.IsSoldOut ? await RefusalCheck.BeginAsync(contender.Server, coupons[0], _nextUser, cancellationToken) : null;
        var processor = contender.Server.ProcessorSeconds;
        var result = await Wrk.RunAsync(
            address,
            coupons,
            _nextUser,
            connections,
            TimeSpan.FromSeconds(length),
            contender.IsSoldOut,
            cancellationToken
        );
        result = result with { ServerMicroseconds = (contender.Server.ProcessorSeconds - processor) * 1e6 / result.Requests };
        if (check is not null)
            await check.EndAsync(result.Requests, cancellationToken);
        _nextUser += Wrk.UsersPerRun;
        return result;
    }
}
