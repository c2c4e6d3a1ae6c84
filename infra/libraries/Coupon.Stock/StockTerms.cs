using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>Brings the terms of coupons from MySQL to Redis, and tells every instance that they changed.</summary>
public sealed class StockTerms(IConnectionMultiplexer redis)
{
    private static readonly StockScript _load = StockScript.Embedded(typeof(StockTerms).Assembly, "load.lua");
    private static readonly StockScript _apply = StockScript.Embedded(typeof(StockTerms).Assembly, "apply-terms.lua");

    /// <summary>Puts a coupon on sale that has just been created. Never for one that may have been sold from: that is a rebuild.</summary>
    /// <returns>False where it was loaded before, or Redis knows more of it than of a new coupon; nothing changed then.</returns>
    public async Task<bool> LoadAsync(CouponTerms terms)
    {
        var database = redis.GetDatabase();
        var keys = new CouponKeys(terms.CouponId);
        var shard = await ShardMap.Of(redis).OfAsync(terms.CouponId);

        // First the set: an id without state is swept for nothing, a state without its id would never be relayed.
        await database.SetAddAsync(shard.Keys.LoadedCoupons, terms.CouponId);
        var epoch = (await VerifiedMarker.ReadAsync(database, shard))?.Epoch ?? 0;
        var loaded = await database.ScriptEvaluateAsync(
            _load.Text,
            [keys.State, keys.Users, keys.Verifying, keys.Outbox],
            [.. terms.ToArguments(), epoch, shard.Name]
        );
        return (bool)loaded;
    }

    /// <summary>Takes over changed terms (restock, close). Idempotent: what counts is the total in MySQL, not the request that changed it.</summary>
    /// <returns>By how much the stock grew; null where the coupon is not loaded, so that it has to be rebuilt.</returns>
    public async Task<long?> ApplyAsync(CouponTerms terms)
    {
        var database = redis.GetDatabase();
        var keys = new CouponKeys(terms.CouponId);
        var grown = await database.ScriptEvaluateAsync(_apply.Text, [keys.State], terms.ToArguments());

        // Only more stock can make a cached answer wrong.
        if ((long?)grown > 0)
            await database.PublishAsync(CouponKeys.Changed, terms.CouponId);
        return (long?)grown;
    }

    /// <summary>
    /// Takes a coupon off that was deleted, whatever Redis has of it, and remembers that it was. Only for one that has a tombstone.
    /// </summary>
    public async Task ForgetAsync(long couponId)
    {
        // The tombstone first: else a MySQL that has lost the deletion would bring it back.
        var shard = await ShardMap.Of(redis).OfAsync(couponId);
        await redis.GetDatabase().SetAddAsync(shard.Keys.Deleted, couponId);

        // The id after the keys: without it they would never be found again.
        var database = redis.GetDatabase();
        var keys = new CouponKeys(couponId);
        await database.KeyDeleteAsync([.. keys.All, keys.Verifying]);
        await database.SetRemoveAsync(shard.Keys.LoadedCoupons, couponId);
        await database.PublishAsync(CouponKeys.Changed, couponId);
    }
}
