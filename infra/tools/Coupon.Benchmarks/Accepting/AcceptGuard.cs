using System.CommandLine;
using System.Globalization;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>
/// <c>guard</c>: whether an accepted press still costs about what it did, as a ratio to bare Kestrel, which reads and answers the same. For the
/// checks of a change: two servers in turn, half a minute.
/// </summary>
/// <remarks>
/// A ratio of CPU time depends little on how fast the machine is, and on how busy it is more than one would like. So a ratio that is too high is
/// measured again, and only one that is too high each time counts: a disturbance passes, a slower service does not.
/// </remarks>
internal static class AcceptGuard
{
    /// <summary>The median ratio that docs/performance.md records.</summary>
    public const double Recorded = 2.4;

    /// <summary>How much more is let pass: below it, days of the same machine differ.</summary>
    public const double Tolerance = 1.25;

    private const int Attempts = 3;
    private const int Connections = 64;
    private const int Seconds = 2;
    private const int Stock = 1_000_000_000;

    public static Command Create()
    {
        var command = new Command("guard", "Fails where an accepted press costs much more CPU, against bare Kestrel, than is recorded.");
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                await using var stack = await BenchmarkStack.StartAsync(cancellationToken);
                await using var contenders = await Contenders.StartPairAsync(stack, settings.Programs, Stock, cancellationToken);
                var benchmark = new AcceptBenchmark(stack, contenders.All, Connections, Seconds);
                for (var attempt = 1; attempt <= Attempts; attempt++)
                {
                    var ratio = await RatioAsync(benchmark, settings.Rounds, cancellationToken);
                    const double most = Recorded * Tolerance;
                    Console.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"An accepted press: {ratio:F2} × the CPU of bare Kestrel; recorded {Recorded:F2} ×, at most {most:F2} ×"
                        )
                    );
                    if (ratio <= most)
                        return 0;
                }

                await Console.Error.WriteLineAsync($"Too much, {Attempts} times in a row: see docs/performance.md, and infra/benchmark accept.");
                return 1;
            }
        );
        return command;
    }

    private static async Task<double> RatioAsync(AcceptBenchmark benchmark, int rounds, CancellationToken cancellationToken)
    {
        var rows = await benchmark.RunAsync(rounds, cancellationToken);
        Samples CpuOf(string name) => rows.Single(row => row.Name == name && row.Unit == AcceptBenchmark.CpuOfServer).Samples;
        return CpuOf(Contenders.Ours).RatioTo(CpuOf(BaselineServer.Bare));
    }
}
