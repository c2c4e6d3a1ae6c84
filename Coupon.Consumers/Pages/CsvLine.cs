using System.Buffers;

namespace Coupon.Consumers.Pages;

/// <summary>A line of a file with comma-separated values (RFC 4180), which a spreadsheet may open without running anything.</summary>
internal static class CsvLine
{
    private static readonly SearchValues<char> _quoted = SearchValues.Create(",\"\r\n");

    /// <summary>The line, with its end.</summary>
    public static string Of(IEnumerable<string?> cells) => string.Join(',', cells.Select(cell => Quoted(Neutral(cell ?? "")))) + "\r\n";

    // A spreadsheet takes such a cell for a formula; an apostrophe in front makes it text (https://owasp.org/www-community/attacks/CSV_Injection).
    private static string Neutral(string cell) => cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + cell : cell;

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(_quoted) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
