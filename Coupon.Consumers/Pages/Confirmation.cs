using System.Globalization;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Operators;

namespace Coupon.Consumers.Pages;

/// <summary>What the form of a question brings back: the entries that were counted, and none that came or changed since.</summary>
/// <param name="Count">How many were counted.</param>
/// <param name="UpToId">The last of them.</param>
/// <param name="AskedAt">When, by the clock of the database (UTC).</param>
internal sealed record Confirmation(int Count, long UpToId, DateTime AskedAt)
{
    /// <summary>The fields of the form.</summary>
    public static IEnumerable<(string Name, string Value)> Fields(DeadLetterQuestion question) =>
        [
            ("count", question.Count.ToString(CultureInfo.InvariantCulture)),
            ("upTo", question.UpToId.ToString(CultureInfo.InvariantCulture)),
            ("askedAt", question.AskedAt.ToString("O", CultureInfo.InvariantCulture)),
        ];

    /// <summary>Reads them; null: the form has none.</summary>
    /// <exception cref="FormatException">A field is malformed.</exception>
    public static Confirmation? Of(IFormCollection form)
    {
        if (QueryText.Number("upTo", form["upTo"]) is not { } last || QueryText.Number("count", form["count"], int.MaxValue) is not { } count)
            return null;
        return DateTime.TryParseExact(form["askedAt"], "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var askedAt)
            ? new Confirmation(count, last, askedAt)
            : throw new FormatException("askedAt must be the time that the form of the confirmation page carries.");
    }
}
