using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace Coupon.Stock.Shards;

/// <summary>
/// The keys of a shard that belong to no coupon. In a cluster they carry a tag whose slot the shard owns, so that it has them all and a script may
/// touch several.
/// </summary>
public sealed class ShardKeys
{
    private static readonly ConcurrentDictionary<string, ShardKeys> _byName = new(StringComparer.Ordinal);

    private ShardKeys(string tag, RedisKey loadedCoupons, RedisKey deleted)
    {
        (LoadedCoupons, Deleted) = (loadedCoupons, deleted);
        Verified = $"stock:verified{tag}";
        Standing = $"stock:standing{tag}";
        Verifier = $"stock:verifier{tag}";
        Database = $"stock:mysql{tag}";
        Doubted = $"stock:doubted{tag}";
        Probe = $"stock:probe{tag}";
    }

    /// <summary>The keys where one Redis has everything.</summary>
    public static ShardKeys Whole { get; } = new("", "coupons", "coupons:deleted");

    /// <summary>The keys of a shard.</summary>
    /// <param name="name">Its name (<see cref="Shard.Name"/>).</param>
    public static ShardKeys Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length == 0 ? Whole : _byName.GetOrAdd(name, Make);
    }

    /// <summary>A set of the ids of all coupons that are loaded or have something handed back: what a relay sweeps.</summary>
    public RedisKey LoadedCoupons { get; }

    /// <summary>
    /// Set of the ids of deleted coupons, as in the table <c>deleted_coupons</c>: a MySQL that has forgotten a deletion must not bring the coupon
    /// back. Nothing is ever removed from it.
    /// </summary>
    public RedisKey Deleted { get; }

    /// <summary>
    /// String: the last verification of everything, and the replication id it was made for: <c>id replid</c>. Written with the scripts.
    /// </summary>
    public RedisKey Verified { get; }

    /// <summary>
    /// Hash, one key so that a script may change it in one step: which instances have handed back for the last verification, and the state that an
    /// instance needs while it does not reach MySQL. Fields: see <see cref="StandingFields"/>.
    /// </summary>
    public RedisKey Standing { get; }

    /// <summary>String with a time to live: the process that verifies at this moment.</summary>
    public RedisKey Verifier { get; }

    /// <summary>Hash: the last reading of the accepted MySQL server (<see cref="MySql.DatabaseFence"/>).</summary>
    public RedisKey Database { get; }

    /// <summary>
    /// String: everything has to be verified, since MySQL is doubted: a random word and the reason. Removed with the verification that answers it.
    /// </summary>
    public RedisKey Doubted { get; }

    /// <summary>String with a time to live: written by instances to see whether Redis takes writes.</summary>
    public RedisKey Probe { get; }

    // About as many texts are tried as there are slots: a few milliseconds, once for each shard.
    private static ShardKeys Make(string name)
    {
        var slot = int.Parse(name, CultureInfo.InvariantCulture);
        for (var i = 0; ; i++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"s{i}");
            if (HashSlot.Of(Encoding.ASCII.GetBytes(text)) == slot)
                return new ShardKeys($":{{{text}}}", $"stock:coupons:{{{text}}}", $"stock:deleted:{{{text}}}");
        }
    }
}
