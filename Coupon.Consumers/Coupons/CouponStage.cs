namespace Coupon.Consumers.Coupons;

/// <summary>The stage of a coupon by the clock of MySQL. Whether it is sold out, only Redis knows.</summary>
internal enum CouponStage
{
    /// <summary>Its window has not begun.</summary>
    Scheduled,

    /// <summary>Seats are given out.</summary>
    Open,

    /// <summary>Its window is over, or it was closed by hand.</summary>
    Closed,
}
