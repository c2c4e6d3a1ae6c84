using StackExchange.Redis;

namespace Coupon.Stock.Balance;

/// <summary>What Redis holds of one coupon at the moment, for those who look often: a few small commands, and neither MySQL nor Kafka.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="Remaining">How many are left to give out; null: it is off sale, since it is being verified.</param>
/// <param name="Outbox">How many entries wait in the outbox.</param>
/// <param name="OldestAge">How long the oldest of them has waited, by the clock of Redis then and of this machine now; zero where none does.</param>
public sealed record StockLevel(long CouponId, long? Remaining, long Outbox, TimeSpan OldestAge)
{
    // A relay that leases an entry moves it back, so the oldest need not be the first; with the circuit open it moves one an interval.
    private const int FirstEntries = 100;

    /// <summary>Reads those of all coupons that are loaded, in a cluster of the shards that answer.</summary>
    public static async Task<IReadOnlyList<StockLevel>> ReadAsync(IConnectionMultiplexer redis, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(redis);
        var database = redis.GetDatabase();
        var coupons = await CouponScope.LoadedAsync(redis);
        return await Task.WhenAll(coupons.Select(id => ReadAsync(database, new CouponKeys((long)id), now)));
    }

    private static async Task<StockLevel> ReadAsync(IDatabase database, CouponKeys keys, DateTimeOffset now)
    {
        var remaining = database.HashGetAsync(keys.State, StateFields.Remaining);
        var outbox = OutboxLength.ReadAsync(database, keys);
        var first = database.SortedSetRangeByRankAsync(keys.Outbox, 0, FirstEntries - 1);
        var oldest = (await first).Min(member => HeldSeat.TryParseOutbox(keys.CouponId, member, out var seat) ? seat.IssuedAtMs : (long?)null);
        var left = await remaining;
        return new StockLevel(
            keys.CouponId,
            left.IsNull ? null : (long)left,
            await outbox,
            oldest is { } issuedAt ? TimeSpan.FromMilliseconds(Math.Max(0, now.ToUnixTimeMilliseconds() - issuedAt)) : TimeSpan.Zero
        );
    }
}
