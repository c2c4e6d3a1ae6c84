using System.Globalization;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Operators;

/// <summary>Reads fields that operators type.</summary>
internal static class QueryText
{
    /// <summary>A number; null: the field is empty.</summary>
    /// <exception cref="FormatException">The field is neither empty nor a number above 0.</exception>
    public static long? Number(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new FormatException($"{name} must be a number above 0.");

    /// <summary>A number up to a maximum; null: the field is empty.</summary>
    /// <exception cref="FormatException">The field is neither empty nor a number from 1 to the maximum.</exception>
    public static int? Number(string name, string? text, int most) =>
        Number(name, text) is { } number ? (number <= most ? (int)number : throw new FormatException($"{name} must be 1 to {most:N0}.")) : null;

    /// <summary>Writes numbers as <see cref="Numbers"/> reads them.</summary>
    public static string Of(IEnumerable<long> numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Numbers with commas between them; null: the field is empty.</summary>
    /// <exception cref="FormatException">The field is neither empty nor numbers above 0 with commas between them.</exception>
    public static long[]? Numbers(string name, string? text) =>
        string.IsNullOrWhiteSpace(text)
            ? null
            :
            [
                .. text.Split(',')
                    .Select(part => Number(name, part) ?? throw new FormatException($"{name} must be numbers with commas between them.")),
            ];

    /// <summary>A time; null: the field is empty.</summary>
    /// <exception cref="FormatException">The field is neither empty nor a time.</exception>
    public static DateTimeOffset? Time(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : UniversalTimes.TryParse(text.Trim(), out var time) ? time
        : throw new FormatException($"{name} must be a time (ISO 8601).");
}
