using StackExchange.Redis;

namespace Coupon.Stock.Balance;

/// <summary>
/// What Redis says of one coupon, read at one instant. While it is verified, its state is not there, and what was given out is not known.
/// </summary>
internal sealed record StockReading(bool Loaded, bool IsVerifying, long Total, long Returned, long Remaining, long Issued, OrdinalSet Outbox)
{
    /// <summary>Reads it.</summary>
    public static async Task<StockReading> ReadAsync(IDatabase database, CouponKeys keys)
    {
        var transaction = database.CreateTransaction();
        var state = transaction.HashGetAsync(keys.State, [StateFields.Total, StateFields.Returned, StateFields.Remaining, StateFields.Issued]);
        var verifying = transaction.KeyExistsAsync(keys.Verifying);
        var outbox = transaction.SortedSetRangeByRankAsync(keys.Outbox);
        await transaction.ExecuteAsync();

        var ordinals = new OrdinalSet();
        foreach (var member in await outbox)
        {
            if (HeldSeat.TryParseOutbox(keys.CouponId, member, out var seat))
                ordinals.Add(seat.Ordinal);
        }

        var fields = await state;
        var isLoaded = !fields[0].IsNull;
        return new StockReading(isLoaded, !isLoaded && await verifying, (long)fields[0], (long)fields[1], (long)fields[2], (long)fields[3], ordinals);
    }
}
