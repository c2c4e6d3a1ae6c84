using System.Globalization;

namespace Coupon.Stock.Shards;

/// <summary>
/// A part of the stock that may fail by itself, so it is fenced and verified by itself: the one Redis, or a shard of a Redis Cluster. Never changed;
/// what a shard owns may change, and then there is another object of the same name.
/// </summary>
/// <param name="Name">Empty: the one Redis. In a cluster the number of the slot that has its keys, in decimal.</param>
/// <param name="Slots">What it owns; null: everything.</param>
public sealed record Shard(string Name, SlotSet? Slots)
{
    // An odd factor, so the ranks are the numbers of the slots in another order; near the golden section, so that neighbours are far apart.
    private const int Spread = 10_125;

    /// <summary>The stock where one Redis has everything.</summary>
    public static Shard Whole { get; } = new("", null);

    /// <summary>Its keys that belong to no coupon.</summary>
    public ShardKeys Keys => ShardKeys.Of(Name);

    /// <summary>Whether a coupon is in it.</summary>
    public bool Covers(long couponId) => Slots is null || Slots.Contains(HashSlot.OfCoupon(couponId));

    /// <summary>
    /// The shard that owns some slots. It is named after the one that comes first in an order in which neighbours are far apart: slots are moved one
    /// after the other, by their numbers, and the name should change seldom meanwhile, since a shard under a new name is verified once more.
    /// </summary>
    internal static Shard Of(SlotSet slots) =>
        new(slots.All().MinBy(slot => slot * Spread % HashSlot.Count).ToString(CultureInfo.InvariantCulture), slots);
}
