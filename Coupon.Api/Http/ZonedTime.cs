using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coupon.Api.Http;

/// <summary>
/// A time with its zone. The JSON reader of .NET would take a time without one for local time of the server.
/// </summary>
internal sealed class ZonedTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var time = reader.GetDateTimeOffset();
        return reader.TryGetDateTime(out var read) && read.Kind == DateTimeKind.Unspecified
            ? throw new RefusedValueException("must have a zone: Z, or an offset such as +09:00")
            : time;
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
