using Coupon.Database;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>What <c>delete.lua</c> found of a coupon. The numbers are the script's.</summary>
internal enum StockRemoval
{
    /// <summary>Something is on its way; nothing was changed.</summary>
    InFlight = 0,

    /// <summary>Nothing was on its way; it is off Redis now.</summary>
    Removed = 1,

    /// <summary>It is being verified, and nothing can be said of it at this moment.</summary>
    BeingVerified = 2,

    /// <summary>By the clock of Redis it ended not long enough ago; nothing was changed.</summary>
    NotDue = 4,

    /// <summary>Redis does not have it: it was let go of long after its end, or Redis has forgotten it.</summary>
    NotLoaded = 3,
}

/// <summary>Takes coupons off Redis, and never anything that is in flight.</summary>
internal static class StockRemovals
{
    private static readonly StockScript _delete = StockScript.Embedded(typeof(StockRemovals).Assembly, "delete.lua");

    /// <summary>Takes one off, unless something of it is on its way.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="row">The coupon.</param>
    /// <param name="notBefore">Nor before this time, by the clock of Redis; null: at once.</param>
    public static async Task<StockRemoval> RemoveAsync(IConnectionMultiplexer redis, CouponRow row, DateTime? notBefore = null)
    {
        var keys = new CouponKeys(row.Id);
        var accounted = row.IssuedQuantity + row.VoidedQuantity;
        var found = (StockRemoval)
            (int)
                await redis
                    .GetDatabase()
                    .ScriptEvaluateAsync(
                        _delete.Text,
                        [.. keys.All, keys.Verifying],
                        [accounted, notBefore is { } time ? new DateTimeOffset(time).ToUnixTimeMilliseconds() : 0]
                    );
        if (found is StockRemoval.Removed or StockRemoval.NotLoaded)
            await redis.GetDatabase().SetRemoveAsync(CouponKeys.LoadedCoupons, row.Id);
        return found;
    }
}
