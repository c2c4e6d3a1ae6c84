using System.Collections.Concurrent;
using System.Globalization;
using Coupon.Faults.Reports;
using Coupon.Faults.Runs;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;

namespace Coupon.Faults.Commands;

/// <summary>Runs some seeds, one after the other or several at a time, and says what came of each and of all.</summary>
internal sealed class FaultsCommand(FaultsOptions options, TextWriter output) : IDisposable
{
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;
    private const int RunsToShrink = 12;
    private const int ViolationsShown = 20;

    private readonly ConcurrentQueue<int> _seeds = new(Enumerable.Range(options.Seed, options.Runs));
    private readonly ConcurrentQueue<RunResult> _results = new();
    private readonly ConcurrentQueue<int> _notHeld = new();

    // What is said of a run stands together.
    private readonly SemaphoreSlim _speaking = new(1);
    private int _described;

    /// <returns>0: every promise was kept; 1: one was not, or something did not start; 130: interrupted.</returns>
    public static async Task<int> RunAsync(FaultsOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using var command = new FaultsCommand(options, output);
        try
        {
            await command.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopped.");
            await command.SumUpAsync();
            return Interrupted;
        }

        return await command.SumUpAsync();
    }

    public void Dispose() => _speaking.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Without is { } weakened)
            await output.WriteLineAsync($"Switched off: {weakened.Words}.");
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Parallel, options.Runs)).Select(_ => RunLaneAsync(cancellationToken)));
    }

    private async Task RunLaneAsync(CancellationToken cancellationToken)
    {
        await using var lane = new RunLane(options.Without);
        while (_seeds.TryDequeue(out var seed))
        {
            try
            {
                await RunAsync(lane, seed, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _notHeld.Enqueue(seed);
                await SayAsync($"seed {seed}: NOT HELD: {exception.GetType().Name}: {exception.Message}");
            }
        }
    }

    private async Task RunAsync(RunLane lane, int seed, CancellationToken cancellationToken)
    {
        var wished = options.Stack ?? ScheduleDraw.StackOf(seed);
        var stack = FaultServers.CanStart(wished) ? wished : StackKind.Alone;
        var result = await lane.HoldAsync(options.ScheduleOf(seed, stack), cancellationToken);
        _results.Enqueue(result);
        List<string> lines = Interlocked.Exchange(ref _described, 1) == 0 ? [lane.Description, RunLine.Of(result)] : [RunLine.Of(result)];
        if (stack != wished)
            lines.Add($"  not on {Names.Of(wished)}, which this machine cannot have");
        if (result.LeftOut.Count > 0)
            lines.Add($"  left out on these servers: {string.Join("; ", result.LeftOut)}");
        if (!result.IsGood)
            lines.AddRange(await ExplainAsync(result));
        await SayAsync(lines);
        if (result.IsGood)
            return;
        if (options.Shrink)
            await ShrinkAsync(lane, result, cancellationToken);
        if (options.UntilBroken)
            _seeds.Clear();
    }

    private async Task<int> SumUpAsync()
    {
        await output.WriteLineAsync();
        await output.WriteAsync(ResultTable.Of(_results));
        var broken = _results.Count(result => !result.IsGood);
        var notHeld = _notHeld.IsEmpty ? "" : $", {_notHeld.Count} not held";
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{_results.Count} runs, {broken} broken{notHeld}."));
        return broken == 0 && _notHeld.IsEmpty ? Good : Bad;
    }

    private async Task SayAsync(params IReadOnlyList<string> lines)
    {
        await _speaking.WaitAsync();
        try
        {
            foreach (var line in lines)
                await output.WriteLineAsync(line);
        }
        finally
        {
            _speaking.Release();
        }
    }

    private async Task<IReadOnlyList<string>> ExplainAsync(RunResult result)
    {
        var said = new List<string>();
        foreach (var violation in result.Violations.Take(ViolationsShown))
            said.Add($"  {violation.Promise}: {violation.Text}");
        if (result.Violations.Count > ViolationsShown)
            said.Add(string.Create(CultureInfo.InvariantCulture, $"  and {result.Violations.Count - ViolationsShown} more"));
        Directory.CreateDirectory(options.Output);
        var without = options.Without is { } protection ? $"-without-{protection.Name}" : "";
        var file = Path.Combine(options.Output, $"seed-{result.Schedule.Seed}-{Names.Of(result.Schedule.Stack)}{without}.txt");
        List<string> lines = [.. Timeline.Of(result)];
        await File.WriteAllLinesAsync(file, [.. result.Violations.Select(violation => $"{violation.Promise}: {violation.Text}"), "", .. lines]);
        said.AddRange(lines.Where(Timeline.IsShort).Select(line => $"  {line}"));
        said.Add($"  With the logs and all answers in sums: {file}");
        said.Add($"  Again: {RunLine.Replay(result.Schedule, options.Without?.Name, options.Faults)}");
        return said;
    }

    private async Task ShrinkAsync(RunLane lane, RunResult failed, CancellationToken cancellationToken)
    {
        var smallest = failed;
        await Shrinking.ShrinkAsync(
            failed.Schedule,
            async smaller =>
            {
                var result = await lane.HoldAsync(smaller, cancellationToken);
                await SayAsync($"  smaller: {RunLine.Of(result)}");
                if (!result.IsGood)
                    smallest = result;
                return !result.IsGood;
            },
            RunsToShrink
        );
        if (smallest == failed)
            return;
        await SayAsync(["  The smallest that still fails:", .. await ExplainAsync(smallest)]);
    }
}
