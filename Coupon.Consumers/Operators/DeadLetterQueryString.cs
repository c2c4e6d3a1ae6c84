using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Microsoft.AspNetCore.Mvc;

namespace Coupon.Consumers.Operators;

/// <summary>A filter as a query string, for the JSON API and the console.</summary>
public sealed record DeadLetterQueryString
{
    private const int DefaultSize = 100;

    /// <summary>Exactly these entries.</summary>
    [FromQuery(Name = "id")]
    public string[]? Id { get; init; }

    /// <summary>In one of these states.</summary>
    [FromQuery(Name = "state")]
    public string[]? State { get; init; }

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

    /// <summary>With this text in the payload, or in the type or the message of the exception.</summary>
    [FromQuery(Name = "text")]
    public string? Text { get; init; }

    /// <summary>That failed in this frame of the stack, as <c>Type.Method</c>; <c>none</c>: in none that is known.</summary>
    [FromQuery(Name = "failedIn")]
    public string? FailedIn { get; init; }

    /// <summary>Only entries after this id: the next page.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>Entries at most, 1 to 1,000. Default 100.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>How many entries a page has.</summary>
    /// <exception cref="FormatException">The limit is no number, or out of range.</exception>
    internal int PageSize => QueryText.Number("limit", Limit, OperationEndpoints.MaxBulk) ?? DefaultSize;

    /// <summary>The last id before the page; 0: the page is the first.</summary>
    /// <exception cref="FormatException">The id is no number.</exception>
    internal long AfterId => After is "0" ? 0 : QueryText.Number("after", After) ?? 0;

    /// <summary>Exactly these entries; null: all.</summary>
    /// <exception cref="FormatException">One is no number.</exception>
    internal long[]? Ids => Id?.Select(text => QueryText.Number("id", text)).OfType<long>().ToArray() is { Length: > 0 } ids ? ids : null;

    /// <summary>In one of these; null: in any.</summary>
    /// <exception cref="FormatException">One is no state.</exception>
    internal DeadLetterState[]? States =>
        State?.Where(text => text.Length > 0).Select(text => EnumText.Parse<DeadLetterState>("state", text)).ToArray() is { Length: > 0 } states
            ? states
            : null;

    /// <summary>
    /// The filter. All fields are text here, because an empty field of a form must not restrict, and a malformed one is named.
    /// </summary>
    /// <exception cref="FormatException">A field is malformed; the message names it.</exception>
    public DeadLetterFilter ToFilter()
    {
        Origin? origin = null;
        if (!string.IsNullOrWhiteSpace(Origin) && !DeadLetters.Origin.TryParse(Origin.Trim(), out origin))
            throw new FormatException("origin must be topic, topic/partition or topic/partition@offset.");
        return new DeadLetterFilter
        {
            Ids = Ids,
            States = States,
            Cause = string.IsNullOrWhiteSpace(Cause) ? null : Cause.Trim(),
            CouponId = QueryText.Number("coupon", Coupon),
            UserId = QueryText.Number("user", User),
            Since = QueryText.Time("since", Since),
            Until = QueryText.Time("until", Until),
            Topic = origin?.Topic,
            Partition = origin?.Partition,
            Offset = origin?.Offset,
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text.Trim(),
            FailedIn = string.IsNullOrWhiteSpace(FailedIn) ? null : FailedIn.Trim(),
        };
    }
}
