using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coupon.Api.Http;

/// <summary>A text. Half a character of UTF-16 is refused as a value, not as bad JSON.</summary>
internal sealed class WellFormedText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // A surrogate without the other half, or bytes that are not UTF-8:
            // https://learn.microsoft.com/dotnet/api/system.text.json.utf8jsonreader.getstring
            throw new RefusedValueException("must be whole characters of Unicode");
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
