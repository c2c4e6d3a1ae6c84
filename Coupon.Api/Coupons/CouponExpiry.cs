using Coupon.Database;

namespace Coupon.Api.Coupons;

/// <summary>When Redis may forget a coupon: a week after its end. What was issued stays in MySQL.</summary>
internal static class CouponExpiry
{
    /// <summary>How long a coupon stays in Redis after its end, so that users and operators who ask late still find it there.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>When the coupon ended, by hand or by its window; null: it has no end yet.</summary>
    public static DateTime? EndOf(CouponRow coupon) =>
        (coupon.ClosedAt, coupon.ClosesAt) switch
        {
            ({ } closed, { } closes) => closed < closes ? closed : closes,
            var (closed, closes) => closed ?? closes,
        };

    /// <summary>
    /// Whether Redis may have forgotten the coupon, by the clock of the database, which wrote the end. The grace is subtracted from now and not added
    /// to the end, since an end in the year 9999 would overflow.
    /// </summary>
    public static bool IsDue(CouponRow coupon) => EndOf(coupon) < coupon.ReadAt - Grace;
}
