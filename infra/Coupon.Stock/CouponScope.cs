namespace Coupon.Stock;

/// <summary>Which coupons are looked at without being asked for: what is over for longer than a day cannot be sold, whatever Redis has forgotten.</summary>
public static class CouponScope
{
    /// <summary>A condition on the table <c>coupons</c>, with the parameter <c>@since</c>.</summary>
    public const string NotLongOver = "(COALESCE(closed_at, closes_at) IS NULL OR COALESCE(closed_at, closes_at) > @since)";

    /// <summary>Its parameter.</summary>
    public static DateTime Since(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.GetUtcNow().UtcDateTime.AddDays(-1);
    }
}
