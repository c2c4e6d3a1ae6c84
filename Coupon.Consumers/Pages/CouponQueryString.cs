using System.Globalization;
using Coupon.Consumers.Monitoring;
using Coupon.Consumers.Operators;
using Microsoft.AspNetCore.Mvc;

namespace Coupon.Consumers.Pages;

/// <summary>Which coupons the overview shows, as a query string.</summary>
public sealed record CouponQueryString
{
    private const string AllValue = "all";

    /// <summary>With this text in the title, or this id.</summary>
    [FromQuery(Name = "q")]
    public string? Text { get; init; }

    /// <summary><c>all</c>: also those that are over.</summary>
    [FromQuery(Name = "coupons")]
    public string? Coupons { get; init; }

    /// <summary>Only ids below this one: the next page.</summary>
    [FromQuery(Name = "before")]
    public string? Before { get; init; }

    /// <summary>Whether coupons that are over are shown.</summary>
    public bool All => Coupons == AllValue;

    /// <summary>The search.</summary>
    /// <exception cref="FormatException">The id is no number.</exception>
    internal CouponSearch ToSearch() =>
        new(string.IsNullOrWhiteSpace(Text) ? null : Text.Trim(), All, QueryText.Number("before", Before) ?? long.MaxValue);

    /// <summary>The same search, from the coupons before one on.</summary>
    internal QueryString PageBefore(long id) =>
        QueryString.Create(
            new (string Name, string? Value)[] { ("q", Text), ("coupons", Coupons), ("before", id.ToString(CultureInfo.InvariantCulture)) }
                .Where(field => !string.IsNullOrEmpty(field.Value))
                .Select(field => KeyValuePair.Create(field.Name, field.Value))
        );
}
