using System.Text.Json.Serialization;

namespace Coupon.Api.Coupons;

/// <summary>A coupon.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">The title that people see.</param>
/// <param name="TotalQuantity">How many exist, restocks included.</param>
/// <param name="Remaining">How many are left; left out while Redis does not answer or does not know the coupon.</param>
/// <param name="Issued">How many were given out, which is also the last ordinal; left out as remaining is.</param>
/// <param name="Persisted">How many of those are in the database.</param>
/// <param name="OpensAt">From when it is given out; left out: from the start.</param>
/// <param name="ClosesAt">Until when it is given out, exclusive; left out: until closed by hand.</param>
/// <param name="ClosedAt">When it was closed by hand; left out: it was not.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="State">Where it stands now.</param>
public sealed record CouponResponse(
    long Id,
    string Title,
    long TotalQuantity,
    long? Remaining,
    long? Issued,
    long Persisted,
    DateTimeOffset? OpensAt,
    DateTimeOffset? ClosesAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset CreatedAt,
    CouponState State
);

/// <summary>Where a coupon stands.</summary>
public enum CouponState
{
    /// <summary>The window has not begun.</summary>
    [JsonStringEnumMemberName("scheduled")]
    Scheduled,

    /// <summary>Seats are given out.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>No seat is left.</summary>
    [JsonStringEnumMemberName("sold-out")]
    SoldOut,

    /// <summary>The window is over, or it was closed by hand.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,
}
