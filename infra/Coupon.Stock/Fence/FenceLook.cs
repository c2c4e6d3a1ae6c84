using Coupon.Stock.MySql;
using Coupon.Stock.Verification;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>Why a Redis must not be sold from.</summary>
/// <param name="Reason">What was seen.</param>
/// <param name="IsAnotherRedis">
/// It is as it was verified, but a later verification was made elsewhere: it may have been replaced and not know it yet.
/// </param>
internal sealed record FenceDoubt(string Reason, bool IsAnotherRedis = false);

/// <summary>What one look at Redis has shown.</summary>
/// <param name="Doubt">Why it must not be sold from; null: it is still the one that was verified.</param>
/// <param name="Epoch">Its last verification of everything; 0: none.</param>
/// <param name="Waiting">The verification that waits for instances; 0: none.</param>
/// <param name="Ended">The last verification that has stopped waiting.</param>
/// <param name="HandedBack">The last verification that this instance is known here to have handed back for; 0: none.</param>
/// <param name="Replicas">How many replicas are in step.</param>
/// <param name="MostReplicas">How many there ever were.</param>
internal sealed record FenceSight(FenceDoubt? Doubt, long Epoch, long Waiting, long Ended, long HandedBack, int Replicas, long MostReplicas)
{
    /// <summary>
    /// Whether Redis by itself shows that nobody else can have been verified in its place, without giving this instance up: it has all its replicas,
    /// and one
    /// that is promoted is no longer attached; and it still counts this instance.
    /// </summary>
    public bool VouchesForInstance => Replicas >= MostReplicas && HandedBack > 0 && HandedBack >= Ended;
}

/// <summary>Asks Redis whether it is still the one that was verified.</summary>
internal static class FenceLook
{
    /// <summary>Looks.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="scripts">What it must know.</param>
    /// <param name="required">The last verification of everything that MySQL is known to have.</param>
    /// <param name="instance">Who looks.</param>
    /// <param name="mostLag">Up to when a replica counts as in step.</param>
    /// <param name="mySql">Why MySQL must not be believed; null: it may be.</param>
    public static async Task<FenceSight> ReadAsync(
        IConnectionMultiplexer redis,
        IReadOnlyList<StockScript> scripts,
        long required,
        string instance,
        TimeSpan mostLag,
        DatabaseDoubt? mySql
    )
    {
        var missing = await MissingScriptAsync(redis, scripts);
        var (identity, replicas) = await RedisIdentity.ReadAsync(redis, mostLag);
        var database = redis.GetDatabase();
        var marker = VerifiedMarker.Parse(await database.StringGetAsync(CouponKeys.Verified));
        var standing = await database.HashGetAsync(
            CouponKeys.Standing,
            [StandingFields.Waiting, StandingFields.Ended, instance, StandingFields.Replicas]
        );
        var doubt = Doubt(missing, marker, identity, required) ?? DoubtOf(mySql) ?? await DoubtOfAnyoneAsync(database);
        return new FenceSight(doubt, marker?.Epoch ?? 0, (long)standing[0], (long)standing[1], (long)standing[2], replicas, (long)standing[3]);
    }

    /// <summary>Looks at Redis alone.</summary>
    /// <returns>Why it must not be sold from; null: it is as it was verified.</returns>
    public static async Task<FenceDoubt?> RedisDoubtAsync(IConnectionMultiplexer redis, IReadOnlyList<StockScript> scripts, long required)
    {
        var missing = await MissingScriptAsync(redis, scripts);
        var identity = await RedisIdentity.ReadAsync(redis);
        return Doubt(missing, VerifiedMarker.Parse(await redis.GetDatabase().StringGetAsync(CouponKeys.Verified)), identity, required);
    }

    private static FenceDoubt? Doubt(StockScript? missing, VerifiedMarker? marker, RedisIdentity identity, long required)
    {
        if (missing is not null)
            return new($"Redis does not know {missing.Name}: it was started anew, has failed over, or was never verified");
        if (marker is null)
            return new("Redis has forgotten its last verification: it was flushed");
        if (marker.Histories != identity.Histories)
            return new("the replication id of Redis has changed: another server has become the primary");
        return marker.Epoch < required ? new($"verification {required} was made on another Redis", IsAnotherRedis: true) : null;
    }

    private static FenceDoubt? DoubtOf(DatabaseDoubt? mySql) => mySql is null ? null : new(mySql.Reason, IsAnotherRedis: mySql.WasReplaced);

    // What any process has seen of MySQL stands in Redis until everything is verified: a random word, and the reason.
    private static async Task<FenceDoubt?> DoubtOfAnyoneAsync(IDatabase database)
    {
        var doubted = (string?)await database.StringGetAsync(CouponKeys.Doubted);
        return doubted is null ? null : new(doubted[(doubted.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    private static async Task<StockScript?> MissingScriptAsync(IConnectionMultiplexer redis, IReadOnlyList<StockScript> scripts)
    {
        foreach (var primary in await RedisIdentity.PrimariesAsync(redis))
        {
            foreach (var script in scripts)
            {
                if (!await primary.ScriptExistsAsync(script.Hash))
                    return script;
            }
        }

        return null;
    }
}
