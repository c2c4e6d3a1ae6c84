using System.Globalization;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Pages;

/// <summary>
/// The result of the last action on the next page. It travels in the address as a word and three numbers, so that a forged link cannot make the
/// console show a text of its own.
/// </summary>
internal static class Notices
{
    public static string Of(string action, OperationResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{action}-{result.Done}-{result.Skipped}-{result.Failures.Count}");

    public static string? Text(string? notice) =>
        notice switch
        {
            null => null,
            "paused" => "Consumption is paused; every instance stops within a second.",
            "resumed" => "Consumption is resumed; every instance continues within a second.",
            _ => Counts(notice.Split('-')),
        };

    /// <summary>The counts of an operation.</summary>
    public static string Counts(string action, int done, int skipped, int failed) =>
        $"{PageFormat.Number(done)} {action}, {PageFormat.Number(skipped)} skipped because someone else was changing them, "
        + $"{PageFormat.Number(failed)} refused or failed.";

    private static string? Counts(string[] parts) =>
        parts is ["replayed" or "discarded", var done, var skipped, var failed]
        && int.TryParse(done, out var d)
        && int.TryParse(skipped, out var s)
        && int.TryParse(failed, out var f)
            ? Counts(parts[0], d, s, f)
            : null;
}
