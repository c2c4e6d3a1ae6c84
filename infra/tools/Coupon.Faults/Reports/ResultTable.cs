using System.Globalization;
using System.Text;
using Coupon.Faults.Checks;
using Coupon.Faults.Runs;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Reports;

/// <summary>
/// The table at the end: one line for each kind of fault, of all runs that had it, and one for each stack. A run with three faults counts in three
/// lines.
/// </summary>
internal static class ResultTable
{
    /// <summary>As Markdown.</summary>
    public static string Of(IReadOnlyCollection<RunResult> results)
    {
        var text = new StringBuilder()
            .AppendLine("| fault | runs | accepted | lost | twice | oversold | other | without service, most | recovery, most |")
            .AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            List<RunResult> had = [.. results.Where(result => result.Schedule.Faults.Any(fault => fault.Kind == kind))];
            if (had.Count > 0)
                Append(text, Names.Of(kind), had);
        }

        foreach (var stack in results.GroupBy(result => result.Schedule.Stack).OrderBy(stack => stack.Key))
            Append(text, $"on {Names.Of(stack.Key)}", [.. stack]);
        Append(text, "all", [.. results]);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, List<RunResult> results)
    {
        if (results.Count == 0)
            return;
        var (lost, twice, oversold) = (
            results.Sum(result => result.Count(Promise.Lost)),
            results.Sum(result => result.Count(Promise.ToldTwice, Promise.OnePerUser)),
            results.Sum(result => result.Count(Promise.Oversold))
        );
        var other = results.Sum(result => result.Violations.Count) - lost - twice - oversold;
        var recovery = results.TrueForAll(result => result.Outcome.Recovery is not null)
            ? Seconds(results.Max(result => result.Outcome.Recovery!.Value))
            : "not always";
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {name} | {results.Count} | {results.Sum(result => result.Accepted)} | {lost} | {twice} | {oversold} | {other} | {Seconds(
                results.Max(result => result.WithoutService)
            )} | {recovery} |"
        );
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s";
}
