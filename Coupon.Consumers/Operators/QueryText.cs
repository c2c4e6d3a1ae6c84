using System.Globalization;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Operators;

/// <summary>Reads fields that people type.</summary>
internal static class QueryText
{
    /// <exception cref="FormatException">It is neither empty nor a number above 0.</exception>
    public static long? Number(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new FormatException($"{name} must be a number above 0.");

    /// <summary>Numbers as <see cref="Numbers"/> reads them.</summary>
    public static string Of(IEnumerable<long> numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    /// <exception cref="FormatException">It is neither empty nor numbers above 0 with commas between them.</exception>
    public static long[]? Numbers(string name, string? text) =>
        string.IsNullOrWhiteSpace(text)
            ? null
            :
            [
                .. text.Split(',')
                    .Select(part => Number(name, part) ?? throw new FormatException($"{name} must be numbers with commas between them.")),
            ];

    /// <exception cref="FormatException">It is neither empty nor a time.</exception>
    public static DateTimeOffset? Time(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : UniversalTimes.TryParse(text.Trim(), out var time) ? time
        : throw new FormatException($"{name} must be a time (ISO 8601).");
}
