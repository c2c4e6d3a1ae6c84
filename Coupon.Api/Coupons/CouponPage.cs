namespace Coupon.Api.Coupons;

/// <summary>Some coupons, newest first.</summary>
/// <param name="Items">The coupons.</param>
/// <param name="Next">The path of the next page; left out on the last one.</param>
public sealed record CouponPage(IReadOnlyList<CouponResponse> Items, string? Next);

/// <summary>Some of a user's coupons, newest coupon first: those that are in the database.</summary>
/// <param name="Items">The coupons.</param>
/// <param name="Next">The path of the next page; left out on the last one.</param>
public sealed record UserCouponPage(IReadOnlyList<UserCoupon> Items, string? Next);

/// <summary>One coupon that a user holds.</summary>
/// <param name="IssuanceId">Coupon and ordinal, <c>17-532</c>.</param>
/// <param name="CouponId">The coupon.</param>
/// <param name="Title">Its title.</param>
/// <param name="Ordinal">The place in the queue, from 1.</param>
/// <param name="IssuedAt">When it was decided.</param>
/// <param name="PersistedAt">When the row was written.</param>
public sealed record UserCoupon(string IssuanceId, long CouponId, string Title, long Ordinal, DateTimeOffset IssuedAt, DateTimeOffset PersistedAt);
