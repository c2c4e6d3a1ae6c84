using System.Globalization;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Checks;

/// <summary>What the processes themselves owe: they live, they stop in time, and they do not flood the log.</summary>
internal static class ProcessCheck
{
    // docs/running.md, "Stopping", and the drain on top.
    private static readonly TimeSpan _apiStop = TimeSpan.FromSeconds(10) + RunSettings.Drain;
    private static readonly TimeSpan _consumerStop = TimeSpan.FromSeconds(20) + RunSettings.Drain;

    // A run has a handful of faults, each of which is a line at its begin, one a minute and one at its end, for each server.
    private const long LongestLog = 150_000;

    public static IEnumerable<Violation> Find(History history, Outcome outcome)
    {
        foreach (var crash in history.Crashes)
            yield return new Violation(Promise.Crashed, crash.Text);
        foreach (var stop in history.Stops)
        {
            var bound = Names.IsApi(stop.Process) ? _apiStop : _consumerStop;
            if (stop.ExitCode is null)
                yield return new Violation(Promise.Stopped, $"{stop.Process} did not stop after SIGTERM and was killed.");
            else if (stop.ExitCode != 0)
                yield return new Violation(Promise.Stopped, $"{stop.Process} ended with code {stop.ExitCode} after SIGTERM.");
            else if (stop.Took > bound)
                yield return new Violation(
                    Promise.Stopped,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{stop.Process} took {stop.Took.TotalSeconds:F1} s to stop, of {bound.TotalSeconds} s."
                    )
                );
        }

        foreach (var (process, size) in outcome.LogSizes.Where(log => log.Value > LongestLog))
            yield return new Violation(Promise.LogVolume, $"{process} wrote {size} bytes of log in {(int)outcome.Length.TotalSeconds} s.");
        if (outcome.Recovery is null)
            yield return new Violation(Promise.Recovered, "The service was not back, with nothing on its way, a minute after the last fault.");
    }
}
