using System.Globalization;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>Who holds which seat, as Redis knows it.</summary>
/// <param name="redis">The stock.</param>
public sealed class SeatHolders(IConnectionMultiplexer redis)
{
    private const int ScanPage = 2000;

    internal static readonly StockScript Forget = StockScript.Embedded(typeof(SeatHolders).Assembly, "forget-holder.lua");

    /// <summary>The ordinal that a user holds; null: none that Redis knows of.</summary>
    public async Task<long?> OrdinalOfAsync(long couponId, long userId)
    {
        var held = (string?)await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).Users, userId);
        return held is not null && long.TryParse(held.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : null;
    }

    /// <summary>
    /// Whose an ordinal is. Quick where it is the user who is supposed to hold it; else all users are looked through, a page at a time.
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
