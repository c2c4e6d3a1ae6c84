using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>The finding of <c>delete.lua</c>, which spells the same numbers.</summary>
internal enum StockRemoval
{
    /// <summary>Issuances are on their way; nothing was changed.</summary>
    InFlight = 0,

    /// <summary>Nothing was on its way; the coupon is gone from Redis.</summary>
    Removed = 1,

    /// <summary>The coupon is being verified, so Redis cannot say what is on its way.</summary>
    BeingVerified = 2,

    /// <summary>Redis does not know the coupon: it was removed long after its end, or Redis has lost it.</summary>
    NotLoaded = 3,

    /// <summary>By the clock of Redis, the coupon may not be removed yet; nothing was changed.</summary>
    NotDue = 4,
}

/// <summary>Removes coupons from Redis, and never one with an issuance in flight.</summary>
internal static class StockRemovals
{
    private static readonly StockScript _delete = StockScript.Embedded(typeof(StockRemovals).Assembly, "delete.lua");

    /// <summary>Removes a coupon, unless issuances are on their way.</summary>
    /// <param name="redis">The Redis that has it.</param>
    /// <param name="row">The coupon.</param>
    /// <param name="notBefore">The earliest time of the removal, by the clock of Redis; null: at once.</param>
    public static async Task<StockRemoval> RemoveAsync(IConnectionMultiplexer redis, CouponRow row, DateTime? notBefore = null)
    {
        var keys = new CouponKeys(row.Id);
        var accounted = row.IssuedQuantity + row.VoidedQuantity;
        var notBeforeMs = notBefore is { } time ? new DateTimeOffset(time).ToUnixTimeMilliseconds() : 0;
        var reply = await redis.GetDatabase().ScriptEvaluateAsync(_delete.Text, [.. keys.All, keys.Verifying], [accounted, notBeforeMs]);
        var found = (StockRemoval)(int)reply;
        if (found is StockRemoval.Removed or StockRemoval.NotLoaded)
            await redis.GetDatabase().SetRemoveAsync((await ShardMap.Of(redis).OfAsync(row.Id)).Keys.LoadedCoupons, row.Id);
        return found;
    }
}
