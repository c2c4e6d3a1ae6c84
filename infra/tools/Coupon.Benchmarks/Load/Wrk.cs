using System.Diagnostics;
using System.Globalization;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Load;

/// <summary>
/// Drives wrk (Debian: <c>apt-get install wrk</c>), a load generator that uses little of the cores it shares with the service:
/// one thread, closed loop, every request another user.
/// </summary>
internal static class Wrk
{
    /// <summary>The number of user ids of a run; no two runs share one.</summary>
    public const long UsersPerRun = 1_000_000_000;

    /// <param name="address">The server, for example <c>http://127.0.0.1:5000</c>.</param>
    /// <param name="coupons">The coupons that are asked for in turn.</param>
    /// <param name="firstUser">Users are counted from here.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="duration">How long, whole seconds.</param>
    /// <param name="expectRefusals">
    /// True if every answer should be a refusal, which <see cref="RefusalCheck"/> checks; otherwise any answer but a 2xx fails the run.
    /// </param>
    /// <param name="cancellationToken">Ends wrk.</param>
    /// <exception cref="InvalidOperationException">wrk is missing, a connection failed, or an answer was not what was expected.</exception>
    public static async Task<LoadResult> RunAsync(
        Uri address,
        IReadOnlyList<long> coupons,
        long firstUser,
        int connections,
        TimeSpan duration,
        bool expectRefusals,
        CancellationToken cancellationToken
    )
    {
        using var folder = new ScratchFolder("wrk");
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "-t1",
            $"-c{connections}",
            $"-d{duration.TotalSeconds:F0}s",
            "--timeout",
            "30s",
            "-s",
            ExtractScript(folder.Path),
            address.ToString(),
            "--",
            $"{firstUser}",
            .. coupons.Select(coupon => coupon.ToString(CultureInfo.InvariantCulture)),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk does not start.");
        using var killed = cancellationToken.Register(wrk.Kill);
        var output = await wrk.StandardOutput.ReadToEndAsync(cancellationToken);
        await wrk.WaitForExitAsync(cancellationToken);

        var line = output.Split('\n').LastOrDefault(text => text.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk said no result:\n{output}");
        var figures = line.Split(' ')[1..].Select(figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        var unexpected = expectRefusals ? figures[0] - figures[2] : figures[2];
        if (unexpected > 0 || figures[3] > 0)
            throw new InvalidOperationException(
                $"{address}, coupon {coupons[0]}: {unexpected} unexpected answers, {figures[3]} socket errors, of {figures[0]}."
            );
        return new LoadResult(figures[0], figures[1] / 1e6, figures[4] / 1e3, figures[5] / 1e3, figures[6] / 1e3);
    }

    private static string ExtractScript(string folder)
    {
        using var resource = typeof(Wrk).Assembly.GetManifestResourceStream("issuances.lua")!;
        var path = Path.Combine(folder, "issuances.lua");
        using var file = File.Create(path);
        resource.CopyTo(file);
        return path;
    }
}
