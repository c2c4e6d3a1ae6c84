using System.Net;
using Coupon.Stock.MySql;
using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>What one look at Redis has shown.</summary>
/// <param name="Doubt">Why it must not be sold from; null: it is still the one that was verified.</param>
/// <param name="Epoch">Its last verification of everything; 0: none.</param>
/// <param name="Waiting">The verification that waits for instances; 0: none.</param>
/// <param name="Ended">The last verification that has stopped waiting.</param>
/// <param name="HandedBack">The last verification that this instance is known here to have handed back for; 0: none.</param>
/// <param name="Replicas">How many replicas are in step.</param>
/// <param name="MostReplicas">How many there ever were.</param>
/// <param name="Primary">The server that serves the writes.</param>
internal sealed record FenceSight(
    RedisDoubt? Doubt,
    long Epoch,
    long Waiting,
    long Ended,
    long HandedBack,
    int Replicas,
    long MostReplicas,
    EndPoint Primary
)
{
    /// <summary>
    /// Whether Redis by itself shows that no other Redis can have been verified in its place without giving this instance up: it has all its
    /// replicas, and a replica that is promoted is no longer attached; and it still counts this instance.
    /// </summary>
    public bool VouchesForInstance => Replicas >= MostReplicas && HandedBack > 0 && HandedBack >= Ended;

    /// <summary>Looks.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="shard">At which shard.</param>
    /// <param name="scripts">The scripts that a verified Redis has in its cache.</param>
    /// <param name="required">The last verification of everything that MySQL is known to have.</param>
    /// <param name="instance">The instance that looks.</param>
    /// <param name="mostLag">Up to which lag a replica counts as in step.</param>
    /// <param name="mySql">Why MySQL must not be believed; null: it may be.</param>
    public static async Task<FenceSight> ReadAsync(
        IConnectionMultiplexer redis,
        Shard shard,
        IReadOnlyList<StockScript> scripts,
        long required,
        string instance,
        TimeSpan mostLag,
        DatabaseDoubt? mySql
    )
    {
        var primary = (await RedisIdentity.PrimaryAsync(redis, shard)).EndPoint;
        var (doubt, epoch, replicas) = await RedisLook.ReadAsync(redis, shard, scripts, required, mostLag);
        var database = redis.GetDatabase();
        var standing = await database.HashGetAsync(
            shard.Keys.Standing,
            [StandingFields.Waiting, StandingFields.Ended, instance, StandingFields.Replicas]
        );
        doubt ??= DoubtOf(mySql) ?? await DoubtOfAnyInstanceAsync(database, shard);
        return new FenceSight(doubt, epoch, (long)standing[0], (long)standing[1], (long)standing[2], replicas, (long)standing[3], primary);
    }

    private static RedisDoubt? DoubtOf(DatabaseDoubt? mySql) => mySql is null ? null : new(mySql.Reason, IsAnotherRedis: mySql.WasReplaced);

    // A process that doubts MySQL writes so to Redis, where it stands until everything is verified: a random word, and the reason.
    private static async Task<RedisDoubt?> DoubtOfAnyInstanceAsync(IDatabase database, Shard shard)
    {
        var doubted = (string?)await database.StringGetAsync(shard.Keys.Doubted);
        return doubted is null ? null : new(doubted[(doubted.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }
}
