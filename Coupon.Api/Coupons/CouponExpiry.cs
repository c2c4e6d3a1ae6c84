using Coupon.Database;

namespace Coupon.Api.Coupons;

/// <summary>When Redis may forget a coupon: long after nobody can get one any more. What was issued is in MySQL for ever.</summary>
internal static class CouponExpiry
{
    /// <summary>How long after its end a coupon stays in Redis, so that late questions and late operators still find it there.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>When the coupon ended, by hand or by its window; null: it has no end yet.</summary>
    public static DateTime? EndOf(CouponRow coupon) =>
        (coupon.ClosedAt, coupon.ClosesAt) switch
        {
            ({ } closed, { } closes) => closed < closes ? closed : closes,
            var (closed, closes) => closed ?? closes,
        };

    /// <summary>
    /// Whether it may be gone from Redis for good, by the clock of the database, which the end stands in. Reckoned from now, since an end in the
    /// year 9999 has no week after it.
    /// </summary>
    public static bool IsDue(CouponRow coupon) => EndOf(coupon) < coupon.ReadAt - Grace;
}
