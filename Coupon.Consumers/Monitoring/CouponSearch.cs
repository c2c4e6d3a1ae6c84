namespace Coupon.Consumers.Monitoring;

/// <summary>Which coupons the overview shows.</summary>
/// <param name="Text">With this text in the title, or this id; null: any.</param>
/// <param name="All">Also those that are over.</param>
/// <param name="Before">Only ids below this one: the next page.</param>
internal sealed record CouponSearch(string? Text = null, bool All = false, long Before = long.MaxValue)
{
    /// <summary>The open ones, from the newest on.</summary>
    public static CouponSearch Open { get; } = new();
}
