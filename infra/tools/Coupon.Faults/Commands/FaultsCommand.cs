using System.Globalization;
using Coupon.Faults.Reports;
using Coupon.Faults.Runs;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;

namespace Coupon.Faults.Commands;

/// <summary>Runs one seed after the other, and says what came of each and of all.</summary>
internal sealed class FaultsCommand(FaultsOptions options, TextWriter output) : IAsyncDisposable
{
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;
    private const int RunsToShrink = 12;
    private const int ViolationsShown = 20;

    private readonly List<RunResult> _results = [];
    private FaultServers? _servers;

    /// <returns>0: every promise was kept; 1: one was not, or something did not start; 130: interrupted.</returns>
    public static async Task<int> RunAsync(FaultsOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        await using var command = new FaultsCommand(options, output);
        try
        {
            return await command.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopped.");
            await command.SumUpAsync();
            return Interrupted;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or IOException or HttpRequestException)
        {
            await output.WriteLineAsync(exception.Message);
            return Bad;
        }
    }

    public async ValueTask DisposeAsync() => await StopServersAsync();

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        _servers = await FaultServers.StartAsync(cancellationToken);
        await output.WriteLineAsync(_servers.Description);
        if (options.Without is { } weakened)
            await output.WriteLineAsync($"Switched off: {weakened.Words}.");
        for (var seed = options.Seed; seed < options.Seed + options.Runs; seed++)
        {
            var drawn = ScheduleDraw.Of(seed);
            var schedule = options.Keep is { } numbers ? drawn.Keep(numbers) : drawn;

            // After a run that failed, its servers are gone.
            _servers ??= await FaultServers.StartAsync(cancellationToken);
            var possible = schedule.Without(_servers.IsImpossible);
            if (schedule.Faults.Except(possible.Faults).ToList() is { Count: > 0 } impossible)
                await output.WriteLineAsync($"seed {seed}: left out on these servers: {string.Join("; ", impossible)}");
            var result = await HoldAsync(possible, cancellationToken);
            _results.Add(result);
            await output.WriteLineAsync(RunLine.Of(result));
            if (result.IsGood)
                continue;
            await ExplainAsync(result);
            if (options.Shrink)
                await ShrinkAsync(result, cancellationToken);
            if (options.UntilBroken)
                break;
        }

        return await SumUpAsync();
    }

    private async Task<int> SumUpAsync()
    {
        await output.WriteLineAsync();
        await output.WriteAsync(ResultTable.Of(_results));
        var broken = _results.Count(result => !result.IsGood);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{_results.Count} runs, {broken} broken."));
        return broken == 0 ? Good : Bad;
    }

    private async Task<RunResult> HoldAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        _servers ??= await FaultServers.StartAsync(cancellationToken);
        var logs = TemporaryFolder.Create("fault-logs");
        try
        {
            var result = await FaultRun.HoldAsync(_servers, schedule, options.Without, logs, cancellationToken);
            if (!result.IsGood)
                await StopServersAsync();
            return result;
        }
        catch
        {
            // The next run must not find what this one has left.
            await StopServersAsync();
            throw;
        }
        finally
        {
            TemporaryFolder.Delete(logs);
        }
    }

    private async Task ExplainAsync(RunResult result)
    {
        foreach (var violation in result.Violations.Take(ViolationsShown))
            await output.WriteLineAsync($"  {violation.Promise}: {violation.Text}");
        if (result.Violations.Count > ViolationsShown)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  and {result.Violations.Count - ViolationsShown} more"));
        Directory.CreateDirectory(options.Output);
        var name = $"seed-{result.Schedule.Seed}{(options.Without is { } without ? $"-without-{without.Name}" : "")}.txt";
        var file = Path.Combine(options.Output, name);
        List<string> lines = [.. Timeline.Of(result)];
        await File.WriteAllLinesAsync(file, [.. result.Violations.Select(violation => $"{violation.Promise}: {violation.Text}"), "", .. lines]);
        foreach (var line in lines.Where(Timeline.IsShort))
            await output.WriteLineAsync($"  {line}");
        await output.WriteLineAsync($"  With the logs and all answers in sums: {file}");
        await output.WriteLineAsync($"  Again: {RunLine.Replay(result.Schedule, options.Without?.Name)}");
    }

    private async Task ShrinkAsync(RunResult failed, CancellationToken cancellationToken)
    {
        var smallest = failed;
        await Shrinking.ShrinkAsync(
            failed.Schedule,
            async smaller =>
            {
                var result = await HoldAsync(smaller, cancellationToken);
                await output.WriteLineAsync($"  smaller: {RunLine.Of(result)}");
                if (!result.IsGood)
                    smallest = result;
                return !result.IsGood;
            },
            RunsToShrink
        );
        if (smallest == failed)
            return;
        await output.WriteLineAsync("  The smallest that still fails:");
        await ExplainAsync(smallest);
    }

    private async Task StopServersAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
        _servers = null;
    }
}
