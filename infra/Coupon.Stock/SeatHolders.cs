using System.Globalization;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>Who holds which seat, as Redis knows it.</summary>
/// <param name="redis">The stock.</param>
public sealed class SeatHolders(IConnectionMultiplexer redis)
{
    internal static readonly StockScript Forget = StockScript.Embedded(typeof(SeatHolders).Assembly, "forget-holder.lua");

    /// <summary>The ordinal that a user holds; null: none that Redis knows of.</summary>
    public async Task<long?> OrdinalOfAsync(long couponId, long userId)
    {
        var held = (string?)await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).Users, userId).ConfigureAwait(false);
        return held is not null && long.TryParse(held.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
    }

    /// <summary>Forgets one seat of a user, so that the user may ask again. Idempotent.</summary>
    /// <returns>False where the user did not hold it.</returns>
    public async Task<bool> ForgetAsync(long couponId, long userId, long ordinal) =>
        (bool)await redis.GetDatabase().ScriptEvaluateAsync(Forget.Text, [new CouponKeys(couponId).Users], [userId, ordinal]).ConfigureAwait(false);
}
