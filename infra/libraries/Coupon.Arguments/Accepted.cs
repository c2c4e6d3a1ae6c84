namespace Coupon.Arguments;

/// <summary>Reads the text of an option or argument.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="text">What was typed.</param>
/// <param name="value">The value; the default where there is a fault.</param>
/// <returns>The fault as the end of a sentence that begins with the option's name; null: none.</returns>
public delegate string? Reading<T>(string text, out T value);

/// <summary>The values that an option or argument accepts.</summary>
/// <typeparam name="T">The type of a value.</typeparam>
/// <param name="words">The values in words, after "must be": <c>a whole number from 1 to 100</c>.</param>
/// <param name="reading">Reads a text.</param>
public sealed class Accepted<T>(string words, Reading<T> reading)
{
    /// <summary>The values in words, after "must be".</summary>
    public string Words { get; } = words;

    /// <summary>The values one by one, for help and completion; empty: there are too many.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Reads a text.</summary>
    /// <returns>The fault as the end of a sentence that begins with the option's name; null: none.</returns>
    public string? Read(string text, out T value) => reading(text, out value);

    /// <summary>The same values as those of another type, such as the nullable one.</summary>
    /// <param name="convert">Makes the other value.</param>
    public Accepted<TOther> Select<TOther>(Func<T, TOther> convert)
    {
        ArgumentNullException.ThrowIfNull(convert);
        return new Accepted<TOther>(Words, (string text, out TOther value) =>
        {
            var fault = reading(text, out var read);
            value = fault is null ? convert(read) : default!;
            return fault;
        }) { Choices = Choices };
    }
}
