using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coupon.Contracts;

/// <summary>
/// A time of a message, with its zone. The JSON reader of .NET would take a time without one for local time, so that two readers could read two
/// times.
/// </summary>
public sealed class ZonedTimeConverter : JsonConverter<DateTimeOffset>
{
    private const int DateLength = 10;

    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var time = reader.GetDateTimeOffset();
        return HasZone(ref reader) ? time : throw new JsonException("A time must have a zone: Z, or an offset such as +09:00.");
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }

    // After the date, only a zone has one of these. Searched in the bytes, since every message is read here.
    private static bool HasZone(ref Utf8JsonReader reader) =>
        reader is { HasValueSequence: false, ValueIsEscaped: false }
            ? reader.ValueSpan.Length > DateLength && reader.ValueSpan[DateLength..].IndexOfAny("Z+-"u8) >= 0
            : reader.TryGetDateTime(out var read) && read.Kind != DateTimeKind.Unspecified;
}
