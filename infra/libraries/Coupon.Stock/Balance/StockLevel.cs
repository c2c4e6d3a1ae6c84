using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.Balance;

/// <summary>What Redis holds of one coupon at the moment, for those who look often at all of them: neither MySQL nor Kafka is asked.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="Remaining">How many are left to give out; null: it is off sale, since it is being verified.</param>
/// <param name="Outbox">How many entries wait in the outbox.</param>
/// <param name="OldestAge">How long the oldest of them has waited, by the clock of Redis then and of this machine now; zero where none does.</param>
public sealed record StockLevel(long CouponId, long? Remaining, long Outbox, TimeSpan OldestAge)
{
    // A relay that leases an entry moves it back, so the oldest need not be the first; with the circuit open it moves one an interval.
    private const int FirstEntries = 100;

    // About 100 µs of Redis; a call for each of thousands of coupons would cost the caller most of its time.
    private const int CouponsAtOnce = 100;

    private static readonly StockScript _levels = StockScript.Embedded(typeof(StockLevel).Assembly, "stock-levels.lua");

    /// <summary>Reads those of all coupons that are loaded, in a cluster of the shards that answer and but for slots that are on their way.</summary>
    public static async Task<IReadOnlyList<StockLevel>> ReadAsync(IConnectionMultiplexer redis, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(redis);
        var database = redis.GetDatabase();
        var coupons = (await CouponScope.LoadedAsync(redis)).Select(id => new CouponKeys((long)id));

        // A script of a cluster has the keys of one slot.
        var groups = coupons.Chunk(ShardMap.Of(redis).IsCluster ? 1 : CouponsAtOnce);
        return [.. (await Task.WhenAll(groups.Select(group => ReadAsync(database, group, now)))).SelectMany(levels => levels)];
    }

    private static async Task<IEnumerable<StockLevel>> ReadAsync(IDatabase database, CouponKeys[] coupons, DateTimeOffset now)
    {
        RedisKey[] keys = [.. coupons.SelectMany(coupon => new[] { coupon.State, coupon.Outbox })];
        try
        {
            var answers = (RedisResult[])(await database.ScriptEvaluateAsync(_levels.Text, keys, [FirstEntries]))!;
            return coupons.Select((coupon, i) => Of(coupon.CouponId, answers[3 * i], answers[(3 * i) + 1], answers[(3 * i) + 2], now));
        }
        catch (RedisServerException exception) when (RedisFailure.IsSlotMoving(exception))
        {
            // This coupon is left out; the others are shown.
            return [];
        }
    }

    private static StockLevel Of(long couponId, RedisResult remaining, RedisResult waiting, RedisResult first, DateTimeOffset now)
    {
        var oldest = ((string?[])first!).Min(member => HeldSeat.TryParseOutbox(couponId, member, out var seat) ? seat.IssuedAtMs : (long?)null);
        return new StockLevel(
            couponId,
            remaining.IsNull ? null : (long)remaining,
            (long)waiting,
            oldest is { } issuedAt ? TimeSpan.FromMilliseconds(Math.Max(0, now.ToUnixTimeMilliseconds() - issuedAt)) : TimeSpan.Zero
        );
    }
}
