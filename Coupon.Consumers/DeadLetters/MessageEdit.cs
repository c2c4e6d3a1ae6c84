using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Changes that an operator makes to a message before it is replayed. Only the value changes: the key merely chooses the partition.
/// What comes out must be a message that the consumer understands.
/// </summary>
internal sealed class MessageEdit
{
    private static readonly Dictionary<string, string> _properties = new(StringComparer.OrdinalIgnoreCase)
    {
        ["coupon-id"] = "couponId",
        ["ordinal"] = "ordinal",
        ["user-id"] = "userId",
        ["issued-at"] = "issuedAt",
    };

    private readonly IReadOnlyList<(string Name, string Value)> _changes;

    private MessageEdit(IReadOnlyList<(string Name, string Value)> changes) => _changes = changes;

    /// <summary>Reads <c>name=value</c> texts.</summary>
    /// <exception cref="FormatException">Not of that form, an unknown name, or a value that the name cannot have; the message says which.</exception>
    public static MessageEdit Parse(IEnumerable<string> texts) => new([.. texts.Select(ParseOne)]);

    /// <summary>The edited value.</summary>
    /// <param name="value">The value that is edited; what is no JSON object is started afresh.</param>
    /// <param name="summary">What changed, for the audit.</param>
    /// <exception cref="FormatException">The outcome is not a complete message.</exception>
    public byte[] Apply(byte[]? value, out string summary)
    {
        var json = Parse(value);
        var changes = new List<string>();
        foreach (var (name, text) in _changes)
        {
            var property = json.Select(pair => pair.Key).FirstOrDefault(key => key.Equals(_properties[name], StringComparison.OrdinalIgnoreCase)) ?? _properties[name];
            changes.Add($"{name}: {json[property]?.ToJsonString() ?? "(none)"} → {text}");
            json[property] = name == "issued-at" ? JsonValue.Create(text) : JsonValue.Create(long.Parse(text, CultureInfo.InvariantCulture));
        }
        summary = string.Join(", ", changes);
        var edited = JsonSerializer.SerializeToUtf8Bytes(json);
        return IssuanceJson.TryRead(edited) is { CouponId: > 0, Ordinal: > 0, UserId: > 0 } message && message.IssuedAt > DateTimeOffset.UnixEpoch
            ? edited
            : throw new FormatException("The edited message is not complete: it needs a coupon-id, an ordinal and a user-id above 0, and issued-at.");
    }

    private static (string Name, string Value) ParseOne(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = at > 0 ? (text[..at].Trim().ToLowerInvariant(), text[(at + 1)..].Trim()) : throw new FormatException($"'{text}' is not of the form name=value.");
        if (!_properties.ContainsKey(name))
            throw new FormatException($"'{name}' cannot be set; {string.Join(", ", _properties.Keys)} can.");
        var valid = name == "issued-at"
            ? DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
            : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        return valid ? (name, value) : throw new FormatException($"'{value}' is not a value for {name}.");
    }

    private static JsonObject Parse(byte[]? value)
    {
        try
        {
            return value is null ? [] : JsonNode.Parse(value) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
