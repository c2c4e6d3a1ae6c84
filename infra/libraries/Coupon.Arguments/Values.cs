using System.Globalization;
using System.Numerics;

namespace Coupon.Arguments;

/// <summary>The usual kinds of accepted values.</summary>
public static class Values
{
    private const int LongestEcho = 60;

    /// <summary>Whole numbers in decimal.</summary>
    public static Accepted<T> Whole<T>(T least, T most)
        where T : struct, IBinaryInteger<T> =>
        Number($"a whole number from {Text(least)} to {Text(most)}", NumberStyles.AllowLeadingSign, least, most);

    /// <summary>Numbers with or without a fraction, which a point begins.</summary>
    public static Accepted<double> Fraction(double least, double most) =>
        Number($"a number from {Text(least)} to {Text(most)}", NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, least, most);

    /// <summary>One of several names, in any case.</summary>
    public static Accepted<string> OneOf(params IReadOnlyList<string> names) => Choice(names, name => name);

    /// <summary>One of several names, in any case, each of which stands for a value.</summary>
    /// <param name="names">The names.</param>
    /// <param name="valueOf">The value of a name.</param>
    public static Accepted<T> Choice<T>(IReadOnlyList<string> names, Func<string, T> valueOf)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(valueOf);
        var words = names.Count == 1 ? names[0] : $"one of {string.Join(", ", names)}";
        return new Accepted<T>(words, (string text, out T value) =>
        {
            var name = names.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = name is null ? default! : valueOf(name);
            return name is null ? Fault(words, text) : null;
        }) { Choices = names };
    }

    /// <summary>Texts that a rule may refuse.</summary>
    /// <param name="words">The accepted texts, after "must be".</param>
    /// <param name="findFault">The fault of a text as the end of a sentence that begins with the option's name; null: none.</param>
    public static Accepted<string> Text(string words, Func<string, string?> findFault) => new(words, (string text, out string value) =>
        {
            value = text;
            return findFault(text);
        });

    /// <summary>The fault of a text that is none of the accepted values.</summary>
    public static string Fault(string words, string text) => $"must be {words}, not '{Echo(text)}'";

    /// <summary>The same values, of which there may be none.</summary>
    public static Accepted<T?> Optional<T>(Accepted<T> accepted)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(accepted);
        return accepted.Select(value => (T?)value);
    }

    /// <summary>A text on one line, without commands to a terminal.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(sign => char.IsControl(sign) ? '?' : sign));

    private static string Echo(string text) => OneLine(text.Length <= LongestEcho ? text : $"{text[..LongestEcho]}…");

    private static Accepted<T> Number<T>(string words, NumberStyles styles, T least, T most)
        where T : struct, INumber<T> =>
        new(words, (string text, out T value) =>
            T.TryParse(text, styles, CultureInfo.InvariantCulture, out value) && value >= least && value <= most ? null : Fault(words, text)
        );

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
