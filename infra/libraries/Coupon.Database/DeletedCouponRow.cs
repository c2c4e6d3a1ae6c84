namespace Coupon.Database;

/// <summary>
/// The tombstone of a deleted coupon. A missing row alone does not show a deletion: the database may have gone back in time. A tombstone is never
/// removed, since a message of the coupon may turn up at any time.
/// </summary>
public sealed class DeletedCouponRow
{
    /// <summary>The coupon.</summary>
    public long Id { get; init; }

    /// <summary>When it was deleted (UTC).</summary>
    public DateTime DeletedAt { get; init; }
}
