using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>Counts the outbox of a coupon.</summary>
public static class OutboxLength
{
    /// <summary>How many issuances wait. In a cluster there is always one entry more, which is never due (<c>keep-present.lua</c>).</summary>
    public static Task<long> ReadAsync(IDatabase database, CouponKeys keys)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(keys);
        return database.SortedSetLengthAsync(keys.Outbox, max: double.MaxValue);
    }
}
