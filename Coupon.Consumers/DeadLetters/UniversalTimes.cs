using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Reads times in bodies, query strings, commands and headers. A time without a zone is UTC, not the server's local time.
/// </summary>
internal sealed class UniversalTimes : JsonConverter<DateTimeOffset>
{
    /// <returns>False: the text is not a time.</returns>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException("A time (ISO 8601) is expected.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
