using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Microsoft.AspNetCore.Mvc;

namespace Coupon.Consumers.Operators;

/// <summary>A filter as a query string, for the API and the console alike.</summary>
public sealed record DeadLetterQueryString
{
    /// <summary>Exactly these entries.</summary>
    [FromQuery(Name = "id")]
    public long[]? Id { get; init; }

    /// <summary>In one of these states.</summary>
    [FromQuery(Name = "state")]
    public DeadLetterState?[]? State { get; init; }

    /// <summary>Of this cause.</summary>
    [FromQuery(Name = "cause")]
    public string? Cause { get; init; }

    /// <summary>Of this coupon.</summary>
    [FromQuery(Name = "coupon")]
    public string? Coupon { get; init; }

    /// <summary>Of this user.</summary>
    [FromQuery(Name = "user")]
    public string? User { get; init; }

    /// <summary>Failed last at this time or later (ISO 8601).</summary>
    [FromQuery(Name = "since")]
    public string? Since { get; init; }

    /// <summary>Failed last before this time.</summary>
    [FromQuery(Name = "until")]
    public string? Until { get; init; }

    /// <summary>From <c>topic</c>, <c>topic/partition</c> or <c>topic/partition@offset</c>.</summary>
    [FromQuery(Name = "origin")]
    public string? Origin { get; init; }

    /// <summary>Only entries after this id: the next page.</summary>
    [FromQuery(Name = "after")]
    public long? After { get; init; }

    /// <summary>Entries at most, 1 to 1,000. Default 100.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    internal int PageSize => Math.Clamp(Limit ?? 100, 1, OperationEndpoints.MaxBulk);

    /// <summary>
    /// The filter. The fields are text rather than numbers, and a state may be missing, because an empty field of a form does not restrict.
    /// </summary>
    /// <exception cref="FormatException">A field makes no sense; the message says which.</exception>
    public DeadLetterFilter ToFilter()
    {
        Origin? origin = null;
        if (!string.IsNullOrWhiteSpace(Origin) && !DeadLetters.Origin.TryParse(Origin.Trim(), out origin))
            throw new FormatException("origin must be topic, topic/partition or topic/partition@offset.");
        return new DeadLetterFilter
        {
            Ids = Id is { Length: > 0 } ? Id : null,
            States = State?.OfType<DeadLetterState>().ToArray() is { Length: > 0 } states ? states : null,
            Cause = string.IsNullOrWhiteSpace(Cause) ? null : Cause.Trim(),
            CouponId = QueryText.Number("coupon", Coupon),
            UserId = QueryText.Number("user", User),
            Since = QueryText.Time("since", Since),
            Until = QueryText.Time("until", Until),
            Topic = origin?.Topic,
            Partition = origin?.Partition,
            Offset = origin?.Offset,
        };
    }
}
