using System.Globalization;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// The origin of messages: a topic, a partition of it, or one offset in that. Written <c>topic</c>, <c>topic/3</c> or <c>topic/3@42</c>.
/// </summary>
internal sealed record Origin(string Topic, int? Partition, long? Offset)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Topic}{(Partition is { } partition ? $"/{partition}" : "")}{(Offset is { } offset ? $"@{offset}" : "")}"
        );

    public static bool TryParse(string text, out Origin? origin)
    {
        origin = null;
        var slash = text.LastIndexOf('/');
        if (slash < 0)
            return text.Length > 0 && !text.Contains('@', StringComparison.Ordinal) && (origin = new Origin(text, null, null)) is not null;
        var place = text[(slash + 1)..].Split('@');
        if (slash == 0 || place.Length > 2 || !int.TryParse(place[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
            return false;
        long? offset = null;
        if (place.Length == 2)
        {
            if (!long.TryParse(place[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            offset = number;
        }
        origin = new Origin(text[..slash], partition, offset);
        return true;
    }
}
