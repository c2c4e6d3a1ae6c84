using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>
/// The Redis keys of one coupon; those that belong to no coupon are <see cref="Shards.ShardKeys"/>. They share the hash tag <c>{c17}</c>, so that a
/// script may touch all of them and Redis Cluster keeps them in one slot. Instances are immutable: keep one for a coupon in use.
/// </summary>
public sealed class CouponKeys
{
    /// <summary>Pub/sub: the id of a coupon whose terms or stock changed, so that instances drop what they have cached of it.</summary>
    public static readonly RedisChannel Changed = RedisChannel.Literal("coupons:changed");

    /// <summary>Builds the keys of one coupon.</summary>
    /// <param name="couponId">The coupon; negative ids belong to warm-ups (<see cref="WarmUpId"/>), never to a coupon.</param>
    public CouponKeys(long couponId)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"{{c{couponId}}}:");
        CouponId = couponId;
        State = tag + "state";
        Users = tag + "users";
        Outbox = tag + "outbox";
        Verifying = tag + "verifying";
        All = [State, Users, Outbox];
    }

    /// <summary>
    /// The id of a coupon that does not exist, for a warm-up: negative, so no database can assign it, and random, so no client can guess it.
    /// </summary>
    public static long WarmUpId() => -1 - (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & (long.MaxValue >> 1));

    /// <summary>The coupon that one of these keys belongs to.</summary>
    public static long CouponIdOf(RedisKey key)
    {
        var text = (string)key!;
        return long.Parse(
            text.AsSpan(2, text.IndexOf('}', StringComparison.Ordinal) - 2),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        );
    }

    /// <summary>The coupon that the keys belong to.</summary>
    public long CouponId { get; }

    /// <summary>Hash of <see cref="StateFields"/>. Missing: not loaded, which is never the same as sold out.</summary>
    public RedisKey State { get; }

    /// <summary>Hash: user id → <c>ordinal:issuedAtMs[:[idempotencyKeyHash][:trace]]</c>.</summary>
    public RedisKey Users { get; }

    /// <summary>
    /// Sorted set: <c>ordinal:userId:issuedAtMs[:[idempotencyKeyHash][:trace]]</c>, scored by the time (ms) from which a relay may send it again.
    /// </summary>
    public RedisKey Outbox { get; }

    /// <summary>
    /// Hash: the coupon is being verified: which verification, how far it is, the last ordinal of before. <see cref="State"/> is missing meanwhile.
    /// </summary>
    public RedisKey Verifying { get; }

    /// <summary>State, users and outbox in the order in which scripts take them. Not to be changed.</summary>
    public RedisKey[] All { get; }
}
