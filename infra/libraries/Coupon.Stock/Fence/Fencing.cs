namespace Coupon.Stock.Fence;

/// <summary>A verification that has taken coupons off sale, and waits until instances have settled.</summary>
/// <param name="Id">The verification.</param>
/// <param name="EveryCoupon">It is of everything: a Redis that was not verified by it, or later, must not be sold from.</param>
/// <param name="Redis">The Redis that is verified (<see cref="Coupon.Stock.Redis.RedisIdentity.Name"/>); null: unknown.</param>
internal sealed record Fencing(long Id, bool EveryCoupon, string? Redis);
