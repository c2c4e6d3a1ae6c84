using System.Globalization;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;

namespace Coupon.Consumers.Pages;

/// <summary>A dead letter as a file has it.</summary>
/// <param name="Letter">As a list shows it.</param>
/// <param name="FailedIn">The first frame of the stack; null: not known.</param>
/// <param name="ExceptionType">The full type name of the last exception.</param>
/// <param name="Key">The original key.</param>
/// <param name="Value">The original value.</param>
/// <param name="Headers">The original headers.</param>
internal sealed record ExportedLetter(
    DeadLetterSummary Letter,
    string? FailedIn,
    string? ExceptionType,
    PayloadView? Key,
    PayloadView? Value,
    IReadOnlyList<HeaderView> Headers
)
{
    /// <summary>The names of <see cref="Cells"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "id",
        "state",
        "cause",
        "coupon",
        "ordinal",
        "user",
        "origin",
        "attempts",
        "replays",
        "first_failed_at",
        "last_failed_at",
        "failed_in",
        "exception",
        "reason",
        "value",
        "value_base64",
    ];

    public static ExportedLetter Of(DeadLetterRow row) =>
        new(
            DeadLetterSummary.Of(row),
            row.FailedIn,
            row.ExceptionType,
            PayloadView.Of(row.Key),
            PayloadView.Of(row.Value),
            [.. HeaderJson.Read(row.Headers).Select(header => new HeaderView(header.Name, PayloadView.Of(header.Value)))]
        );

    /// <summary>The cells of a line.</summary>
    public IEnumerable<string?> Cells() =>
        [
            Number(Letter.Id),
            Letter.State.ToString(),
            Letter.Cause,
            Number(Letter.CouponId),
            Number(Letter.Ordinal),
            Number(Letter.UserId),
            Letter.Origin,
            Number(Letter.Attempts),
            Number(Letter.ReplayCount),
            Time(Letter.FirstFailedAt),
            Time(Letter.LastFailedAt),
            FailedIn,
            ExceptionType,
            Letter.Reason,
            Value?.Text,
            Value?.Base64,
        ];

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
