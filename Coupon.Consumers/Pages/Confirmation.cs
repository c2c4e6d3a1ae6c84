using System.Globalization;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Operators;

namespace Coupon.Consumers.Pages;

/// <summary>The form of a question, which brings back what was counted: no entry that came or changed since takes part.</summary>
internal static class Confirmation
{
    /// <summary>The fields of the form.</summary>
    public static IEnumerable<(string Name, string Value)> Fields(DeadLetterQuestion question) =>
        [
            ("count", question.Count.ToString(CultureInfo.InvariantCulture)),
            ("upTo", question.UpToId.ToString(CultureInfo.InvariantCulture)),
            ("askedAt", question.AskedAt.ToString("O", CultureInfo.InvariantCulture)),
        ];

    /// <summary>Reads them, without the first entries; null: the form has none.</summary>
    /// <exception cref="FormatException">A field is malformed.</exception>
    public static DeadLetterQuestion? Of(IFormCollection form)
    {
        if (QueryText.Number("upTo", form["upTo"]) is not { } last || QueryText.Number("count", form["count"], int.MaxValue) is not { } count)
            return null;
        return DateTime.TryParseExact(form["askedAt"], "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var askedAt)
            ? new DeadLetterQuestion(count, last, askedAt, [])
            : throw new FormatException("askedAt must be the time that the form of the confirmation page carries.");
    }
}
