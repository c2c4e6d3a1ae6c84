using System.Globalization;
using Coupon.Faults.Checks;
using Coupon.Faults.Runs;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Reports;

/// <summary>One line for one run.</summary>
internal static class RunLine
{
    public static string Of(RunResult result)
    {
        var recovery = result.Outcome.Recovery is { } time ? Seconds(time) : "none";
        var gone = result.GoneAsDocumented == 0 ? "" : Text($", {result.GoneAsDocumented} told and gone as documented");
        var verdict = result.IsGood ? "good" : Text($"BROKEN ({string.Join(", ", Broken(result))})");
        var seats = Text($"{result.Accepted} accepted, {result.Outcome.Rows.Count} rows of {result.Outcome.Total}{gone}");
        return Text($"seed {result.Schedule.Seed} ({Names.Of(result.Schedule.Stack)}): {verdict}; {seats}; ")
            + $"{Seconds(result.WithoutService)} without service, recovered after {recovery}; {result.Schedule}";
    }

    /// <summary>The command that holds the same run again.</summary>
    /// <param name="schedule">The run.</param>
    /// <param name="without">The protection that was switched off; null: none.</param>
    /// <param name="faults">The faults that were asked for; null: they were drawn.</param>
    public static string Replay(Schedule schedule, string? without, IReadOnlyList<FaultChoice>? faults) =>
        Text($"infra/faults --runs 1 --seed {schedule.Seed} --stack {Names.Of(schedule.Stack)}")
        + (faults is null ? "" : $" --faults {string.Join(',', faults)}")
        + $" --keep {Numbers(schedule)}"
        + (without is null ? "" : $" --without {without}");

    private static string Numbers(Schedule schedule) =>
        schedule.Faults.Count == 0 ? "0" : string.Join(',', schedule.Faults.Select(fault => fault.Number.ToString(CultureInfo.InvariantCulture)));

    private static IEnumerable<Promise> Broken(RunResult result) => result.Violations.Select(violation => violation.Promise).Distinct();

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
