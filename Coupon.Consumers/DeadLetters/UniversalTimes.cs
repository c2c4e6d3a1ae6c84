using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Times that people and programs send, in bodies, query strings, commands and headers alike: UTC where no zone is given, not the zone of the server.
/// </summary>
internal sealed class UniversalTimes : JsonConverter<DateTimeOffset>
{
    /// <returns>False: it is not a time.</returns>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException("A time (ISO 8601) is expected.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
