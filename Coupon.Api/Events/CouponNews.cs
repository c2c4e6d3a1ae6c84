namespace Coupon.Api.Events;

/// <summary>What is known of a coupon that somebody watches, as it is sent: serialized once for all who watch.</summary>
/// <param name="Coupon">The coupon, as <c>GET /coupons/{couponId}</c> has it; null: it was deleted.</param>
/// <param name="Results">By user, of those who asked for it: the issuance whose row is in the database.</param>
internal sealed record CouponNews(byte[]? Coupon, IReadOnlyDictionary<long, byte[]> Results)
{
    /// <summary>Whether there is nothing in it that the other one has not.</summary>
    public bool IsSameAs(CouponNews? other) =>
        other is not null
        && Results.Count == other.Results.Count
        && Coupon.AsSpan().SequenceEqual(other.Coupon)
        && Coupon is null == other.Coupon is null;
}
