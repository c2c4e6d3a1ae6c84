using System.Globalization;
using System.Text;

namespace Coupon.Hosting.Http;

/// <summary>Checks one-line texts that some people write and others read: titles, names, reasons.</summary>
public static class PlainText
{
    /// <summary>The fault of a text, as the end of a sentence that begins with its name; null: the text is valid.</summary>
    /// <param name="text">The text, not empty.</param>
    public static string? FindFault(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var seen = false;
        for (var at = 0; at < text.Length; )
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) != System.Buffers.OperationStatus.Done || IsNoCharacter(rune))
                return "must be whole characters of Unicode";
            if (IsControl(rune))
                return "must not hold control characters";
            if (TurnsText(rune))
                return "must not hold characters that change the direction of text";
            seen |= IsSeen(rune);
            at += length;
        }

        return seen ? null : "must hold a character that can be seen";
    }

    /// <summary>The text for a terminal: characters that are commands to it, or change the direction of text, become their numbers.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keepLines">Whether ends of lines and tabs stay.</param>
    public static string Neutralize(string text, bool keepLines = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? neutral = null;
        for (var at = 0; at < text.Length; )
        {
            var isWhole = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) == System.Buffers.OperationStatus.Done;
            var isHarmless = isWhole && ((keepLines && rune.Value is '\n' or '\t') || !(IsControl(rune) || TurnsText(rune)));
            if (!isHarmless)
            {
                neutral ??= new StringBuilder(text, 0, at, text.Length + 16);
                neutral.Append(CultureInfo.InvariantCulture, $"<U+{(isWhole ? rune.Value : text[at]):X4}>");
            }
            else
            {
                neutral?.Append(text.AsSpan(at, length));
            }

            at += length;
        }

        return neutral?.ToString() ?? text;
    }

    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // The controls of UAX #9, section 2.
    private static bool TurnsText(Rune rune) => rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    // Noncharacters, which are for internal use (Unicode, section 23.7).
    private static bool IsNoCharacter(Rune rune) => rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE;

    private static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Format
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse
            )
        // Letters and a symbol that are blank: the fillers of Hangul, and the Braille pattern without dots.
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800);
}
