using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coupon.Database;
using Coupon.Stock.Tail;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Changes that an operator makes to a message before it is replayed. Only the value changes, since the key merely chooses the partition. The
/// result must be a message that the consumer accepts.
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

    private readonly IReadOnlyList<Change> _changes;

    private MessageEdit(IReadOnlyList<Change> changes) => _changes = changes;

    /// <summary>Reads <c>name=value</c> texts.</summary>
    /// <exception cref="FormatException">
    /// A text is not of that form, its name is unknown, or its value is malformed; the message says which.
    /// </exception>
    public static MessageEdit Parse(IEnumerable<string> texts) => new([.. texts.Select(ParseOne)]);

    /// <summary>The edited value.</summary>
    /// <param name="value">The value to edit; anything but a JSON object is replaced by an empty one.</param>
    /// <param name="summary">The changes in words, cut to what the audit holds; the audit keeps both values in full.</param>
    /// <exception cref="FormatException">The result is not a complete message.</exception>
    public byte[] Apply(byte[]? value, out string summary)
    {
        var json = Parse(value);
        var changes = new List<string>();
        foreach (var (name, number, time) in _changes)
        {
            var property = json.Select(pair => pair.Key).FirstOrDefault(key => key.Equals(_properties[name], StringComparison.OrdinalIgnoreCase))
                ?? _properties[name];
            // Written with its zone: the reader of the message would take a time without one for local time.
            var edit = time is { } issuedAt ? JsonValue.Create(issuedAt) : JsonValue.Create(number);
            changes.Add($"{name}: {json[property]?.ToJsonString() ?? "(none)"} → {edit.ToJsonString().Trim('"')}");
            json[property] = edit;
        }
        summary = Shorten(string.Join(", ", changes));
        var edited = JsonSerializer.SerializeToUtf8Bytes(json);
        return
            CouponIssuedReader.TryRead(edited) is { CouponId: > 0, Ordinal: > 0, UserId: > 0 } message && message.IssuedAt > DateTimeOffset.UnixEpoch
            ? edited
            : throw new FormatException("The edited message is not complete: it needs a coupon-id, an ordinal and a user-id above 0, and issued-at.");
    }

    private static Change ParseOne(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) =
            at > 0
                ? (text[..at].Trim().ToLowerInvariant(), text[(at + 1)..].Trim())
                : throw new FormatException($"'{text}' is not of the form name=value.");
        if (!_properties.ContainsKey(name))
            throw new FormatException($"'{name}' cannot be set; {string.Join(", ", _properties.Keys)} can.");
        if (name == "issued-at")
        {
            if (UniversalTimes.TryParse(value, out var time))
                return new Change(name, 0, time);
        }
        else if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return new Change(name, number, null);
        }
        throw new FormatException($"'{value}' is not a value for {name}.");
    }

    private static string Shorten(string summary) =>
        summary.Length <= DeadLetterAuditRow.MaxDetailLength ? summary : summary[..(DeadLetterAuditRow.MaxDetailLength - 1)] + "…";

    private static JsonObject Parse(byte[]? value)
    {
        try
        {
            var json = value is null ? [] : JsonNode.Parse(value) as JsonObject ?? [];

            // Count makes JsonObject read its members, and throw ArgumentException where one is there twice.
            return json.Count > 0 ? json : [];
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return [];
        }
    }

    private readonly record struct Change(string Name, long Number, DateTimeOffset? Time);
}
