using System.Globalization;
using Coupon.Hosting.Audit;
using Microsoft.AspNetCore.Mvc;

namespace Coupon.Consumers.Operators;

/// <summary>Which actions of operators, as a query string.</summary>
public sealed record ActionQueryString
{
    private const int DefaultSize = 100;

    /// <summary>On this coupon.</summary>
    [FromQuery(Name = "coupon")]
    public string? Coupon { get; init; }

    /// <summary>The one that the audit of a dead letter names.</summary>
    [FromQuery(Name = "operation")]
    public string? Operation { get; init; }

    /// <summary>Only actions before this id: the next page.</summary>
    [FromQuery(Name = "before")]
    public string? Before { get; init; }

    /// <summary>Actions at most, 1 to 1,000. Default 100.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>How many actions a page has.</summary>
    /// <exception cref="FormatException">The limit is no number, or out of range.</exception>
    internal int PageSize => QueryText.Number("limit", Limit, OperationEndpoints.MaxBulk) ?? DefaultSize;

    /// <summary>The first id after the page.</summary>
    /// <exception cref="FormatException">The id is no number.</exception>
    internal long BeforeId => QueryText.Number("before", Before) ?? long.MaxValue;

    /// <summary>The same filter and size, as a query string, for the page of the actions before one.</summary>
    internal QueryString PageBefore(long id) =>
        QueryString.Create(
            new (string Name, string? Value)[]
            {
                ("coupon", Coupon),
                ("operation", Operation),
                ("limit", Limit),
                ("before", id.ToString(CultureInfo.InvariantCulture)),
            }
                .Where(field => !string.IsNullOrEmpty(field.Value))
                .Select(field => KeyValuePair.Create(field.Name, field.Value))
        );

    /// <summary>The filter.</summary>
    /// <exception cref="FormatException">A field is malformed; the message names it.</exception>
    public ActionFilter ToFilter()
    {
        if (!string.IsNullOrWhiteSpace(Operation) && !Guid.TryParseExact(Operation, "D", out _))
            throw new FormatException("operation must be an id as the audit of a dead letter shows it.");
        return new ActionFilter(QueryText.Number("coupon", Coupon), string.IsNullOrWhiteSpace(Operation) ? null : Operation);
    }
}
