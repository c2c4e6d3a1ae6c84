namespace Coupon.Database;

/// <summary>
/// Ids of coupons: milliseconds since 2026, by the clock of the database, and 12 random bits. They ascend with time and stay below 2^53, which a
/// number of JavaScript holds exactly, until 2095. A counter of the database would go back with it: after a failover to a replica that is behind, the
/// next coupon would get the id of one that was lost, with its messages.
/// </summary>
public static class CouponId
{
    private const int RandomBits = 12;

    /// <summary>The instant from which ids count (UTC).</summary>
    public static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// An id for a coupon that is created at this time. Two of one millisecond may be equal: then the primary key refuses the second.
    /// </summary>
    /// <param name="now">The time of the database (UTC).</param>
    public static long At(DateTime now) =>
        ((long)Math.Max(1, (now - Beginning).TotalMilliseconds) << RandomBits) + Random.Shared.Next(1 << RandomBits);
}
