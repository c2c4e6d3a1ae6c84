using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>The holders of seats, as Redis knows them.</summary>
/// <param name="redis">The stock.</param>
public sealed class SeatHolders(IConnectionMultiplexer redis)
{
    private const int ScanPage = 2000;

    internal static readonly StockScript Forget = StockScript.Embedded(typeof(SeatHolders).Assembly, "forget-holder.lua");

    /// <summary>The ordinal that a user holds; null: none that Redis knows of.</summary>
    public async Task<long?> OrdinalOfAsync(long couponId, long userId)
    {
        var held = (string?)await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).Users, userId);
        return HeldSeat.OrdinalOf(held);
    }

    /// <summary>
    /// Finds the holder of an ordinal. Quick where it is the supposed user; else all users are scanned, a page at a time.
    /// </summary>
    public async Task<SeatHolder> FindAsync(long couponId, long ordinal, long supposedUserId)
    {
        if (await OrdinalOfAsync(couponId, supposedUserId) == ordinal)
            return new SeatHolder(SeatHolding.Held, supposedUserId);
        var (keys, database) = (new CouponKeys(couponId), redis.GetDatabase());
        if ((long?)await database.HashGetAsync(keys.State, StateFields.Issued) is not { } last)
            return new SeatHolder(SeatHolding.CouponNotLoaded, 0);
        if (ordinal > last)
            return new SeatHolder(SeatHolding.NeverGivenOut, 0);
        await foreach (var entry in database.HashScanAsync(keys.Users, pageSize: ScanPage))
        {
            if (HeldSeat.TryParseUser(couponId, entry.Name, entry.Value, out var seat) && seat.Ordinal == ordinal)
                return new SeatHolder(SeatHolding.Held, seat.UserId);
        }

        return new SeatHolder(SeatHolding.Nobody, 0);
    }

    /// <summary>Forgets one seat of a user, so that the user may ask again. Idempotent.</summary>
    /// <returns>False where the user did not hold it.</returns>
    public async Task<bool> ForgetAsync(long couponId, long userId, long ordinal) =>
        (bool)await redis.GetDatabase().ScriptEvaluateAsync(Forget.Text, [new CouponKeys(couponId).Users], [userId, ordinal]);
}
