namespace Coupon.Database;

/// <summary>
/// The tombstone of a coupon that was deleted. A coupon without a row is only then known to be deleted: it may as well be that the database went
/// back in time.
/// Never removed, since a message of the coupon may turn up at any time.
/// </summary>
public sealed class DeletedCouponRow
{
    /// <summary>The coupon.</summary>
    public long Id { get; init; }

    /// <summary>When it was deleted (UTC).</summary>
    public DateTime DeletedAt { get; init; }
}
