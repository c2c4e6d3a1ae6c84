using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coupon.Consumers.Operators;

/// <summary>
/// The one way in which operators write a value of an enum: its name, in any case, as answers print it. A number, and several names with commas, are
/// refused; the parsers of .NET accept both.
/// </summary>
internal static class EnumText
{
    /// <exception cref="FormatException">The text is none of the names.</exception>
    public static T Parse<T>(string field, string text)
        where T : struct, Enum =>
        TryParse(text, out T value) ? value : throw new FormatException($"{field} must be one of {string.Join(", ", NamesOf<T>())}.");

    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                value = known;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>The names as they are written in JSON.</summary>
    public static IEnumerable<string> NamesOf<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName);
}

/// <summary>The same in JSON.</summary>
internal sealed class EnumTextConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && EnumText.TryParse(reader.GetString(), out T value)
            ? value
            : throw new JsonException($"One of {string.Join(", ", EnumText.NamesOf<T>())} is expected.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
}
