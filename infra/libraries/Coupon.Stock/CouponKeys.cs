using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>
/// Every Redis key of the service is built here. The keys of one coupon share the hash tag <c>{c17}</c>, so that a script may touch all of them and
/// Redis Cluster keeps them in one slot. Instances are immutable: keep one for a coupon in use.
/// </summary>
public sealed class CouponKeys
{
    /// <summary>A set of the ids of all coupons that are loaded or have something handed back: what a relay sweeps.</summary>
    public static readonly RedisKey LoadedCoupons = "coupons";

    /// <summary>Pub/sub: the id of a coupon whose terms or stock changed, so that instances drop what they have cached of it.</summary>
    public static readonly RedisChannel Changed = RedisChannel.Literal("coupons:changed");

    /// <summary>
    /// String: the last verification of everything, and the replication ids it was made for: <c>id replid …</c>. Written with the scripts.
    /// </summary>
    public static readonly RedisKey Verified = "stock:verified";

    /// <summary>
    /// Hash, one key so that a script may change it in one step: which instances have handed back for the last verification, and the state that an
    /// instance needs while it does not reach MySQL. Fields: see <see cref="StandingFields"/>.
    /// </summary>
    public static readonly RedisKey Standing = "stock:standing";

    /// <summary>String with a time to live: the process that verifies at this moment.</summary>
    public static readonly RedisKey Verifier = "stock:verifier";

    /// <summary>
    /// Set of the ids of deleted coupons, as in the table <c>deleted_coupons</c>: a MySQL that has forgotten a deletion must not bring the coupon
    /// back. Nothing is ever removed from it.
    /// </summary>
    public static readonly RedisKey Deleted = "coupons:deleted";

    /// <summary>Hash: the last reading of the accepted MySQL server (<see cref="MySql.DatabaseFence"/>).</summary>
    public static readonly RedisKey Database = "stock:mysql";

    /// <summary>
    /// String: everything has to be verified, since MySQL is doubted: a random word and the reason. Removed with the verification that answers it.
    /// </summary>
    public static readonly RedisKey Doubted = "stock:doubted";

    /// <summary>String with a time to live: written by instances to see whether Redis takes writes.</summary>
    public static readonly RedisKey Probe = "stock:probe";

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
