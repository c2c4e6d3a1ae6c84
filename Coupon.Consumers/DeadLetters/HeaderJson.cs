using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coupon.Consumers.Records;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Writes headers to a JSON column without losing a byte: as text where they are UTF-8, else in base64.</summary>
internal static class HeaderJson
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Write(IEnumerable<MessageHeader> headers)
    {
        var array = new JsonArray();
        foreach (var (name, value) in headers)
        {
            var header = new JsonObject { ["name"] = name };
            if (value is not null)
                header[TryText(value) is { } ? "text" : "base64"] = TryText(value) ?? Convert.ToBase64String(value);
            array.Add(header);
        }
        return array.ToJsonString();
    }

    public static IReadOnlyList<MessageHeader> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(header => new MessageHeader(
                    header.GetProperty("name").GetString()!,
                    header.TryGetProperty("text", out var text) ? Encoding.UTF8.GetBytes(text.GetString()!)
                        : header.TryGetProperty("base64", out var bytes) ? bytes.GetBytesFromBase64()
                        : null
                )),
        ];
    }

    /// <summary>The bytes as text; null where they are not UTF-8 or contain control characters.</summary>
    public static string? TryText(byte[] value)
    {
        try
        {
            var text = _strict.GetString(value);
            return text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
