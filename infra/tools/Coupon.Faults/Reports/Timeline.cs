using System.Globalization;
using Coupon.Faults.Histories;
using Coupon.Faults.Runs;

namespace Coupon.Faults.Reports;

/// <summary>
/// Faults, health, logs and answers of a run in the order of time: all answers of whom a violation concerns, and those of others in sums.
/// </summary>
internal static class Timeline
{
    private const string SumsBegin = "answers of this second: ";

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Of(RunResult result)
    {
        var users = result.Violations.SelectMany(violation => violation.Users).ToHashSet();
        var notes = result.History.Notes.Select(note => (note.At, note.Text));
        var answers = result
            .History.Answers.Where(answer => users.Contains(answer.UserId))
            .Select(answer => (At: answer.Received, Text: Describe(answer)));
        var sums = result
            .History.Answers.GroupBy(answer => (int)answer.Received.TotalSeconds)
            .Select(second => (At: TimeSpan.FromSeconds(second.Key + 1), Text: Sums(second)));
        return notes
            .Concat(answers)
            .Concat(sums)
            .OrderBy(line => line.At)
            .Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.At.TotalSeconds, 8:F3} {line.Text}"));
    }

    /// <summary>Whether a line is neither of a log nor a sum: what a reader looks at first.</summary>
    public static bool IsShort(string line) => !line.Contains(" | ", StringComparison.Ordinal) && !line.Contains(SumsBegin, StringComparison.Ordinal);

    private static string Describe(Answer answer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"user {answer.UserId} asked {answer.Instance} at {answer.Sent.TotalSeconds:F3}: {answer.Kind} "
                + $"{(answer.Tells ? answer.Ordinal : answer.Code)}"
        );

    private static string Sums(IEnumerable<Answer> answers) =>
        SumsBegin
        + string.Join(
            ", ",
            answers
                .GroupBy(answer => (answer.Instance, What: answer.Tells || answer.Code.Length == 0 ? answer.Kind.ToString() : answer.Code))
                .OrderBy(group => group.Key)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key.Instance} {group.Key.What} {group.Count()}"))
        );
}
