using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Times of bodies as those of query strings and commands are read: UTC where no zone is given, not the zone that the server happens to be in.</summary>
internal sealed class UniversalTimes : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && DateTimeOffset.TryParse(
            reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new JsonException("A time (ISO 8601) is expected.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
