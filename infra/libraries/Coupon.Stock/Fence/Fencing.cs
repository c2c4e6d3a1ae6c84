using Coupon.Stock.Shards;

namespace Coupon.Stock.Fence;

/// <summary>A verification that has taken coupons off sale, and waits until instances have settled.</summary>
/// <param name="Id">The verification.</param>
/// <param name="EveryCoupon">It is of every coupon of its shard: a Redis that was not verified by it, or later, must not be sold from.</param>
/// <param name="Shard">The name of the shard.</param>
/// <param name="Slots">What the shard owned when it began; null: everything.</param>
/// <param name="Redis">The Redis that is verified (<see cref="Coupon.Stock.Redis.RedisIdentity.Name"/>); null: unknown.</param>
internal sealed record Fencing(long Id, bool EveryCoupon, string Shard, string? Slots, string? Redis)
{
    /// <summary>The shard as the verification sees it.</summary>
    public Shard Where { get; } = new(Shard, Slots is null ? null : SlotSet.Parse(Slots));
}
