using Coupon.Database;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>What MySQL says of a coupon and Redis has to follow: how many exist, the window, whether it was closed by hand.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="Total">How many exist.</param>
/// <param name="Returned">How many voided ordinals gave their seat back to the stock.</param>
/// <param name="OpensAtMs">Unix time (ms) from which it is given out; null: from the start.</param>
/// <param name="ClosesAtMs">Unix time (ms) from which it is no longer given out; null: never by itself.</param>
/// <param name="Closed">Closed by hand.</param>
/// <param name="Retaken">How many returned seats were taken back since; <paramref name="Returned"/> is without them.</param>
/// <param name="Title">Its title.</param>
/// <param name="CreatedAtMs">Unix time (ms) at which it was created.</param>
public readonly record struct CouponTerms(
    long CouponId,
    long Total,
    long Returned,
    long? OpensAtMs,
    long? ClosesAtMs,
    bool Closed,
    long Retaken = 0,
    string Title = "",
    long CreatedAtMs = 0
)
{
    /// <summary>The terms of a row.</summary>
    public static CouponTerms Of(CouponRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new CouponTerms(
            row.Id,
            row.TotalQuantity,
            row.ReturnedQuantity,
            Milliseconds(row.OpensAt),
            Milliseconds(row.ClosesAt),
            row.ClosedAt is not null,
            row.RetakenQuantity,
            row.Title,
            Milliseconds(row.CreatedAt)!.Value
        );
    }

    /// <summary>
    /// How many seats are left to give out. The scripts that set any of the three figures in Redis have it from <c>remaining.lua</c>.
    /// </summary>
    /// <param name="total">How many exist.</param>
    /// <param name="returned">How many voided ordinals gave their seat back.</param>
    /// <param name="issued">The last ordinal given out.</param>
    public static long Remaining(long total, long returned, long issued) => total + returned - issued;

    // As load.lua, apply-terms.lua and complete-verification.lua take them, in their order.
    internal RedisValue[] ToArguments() =>
        [
            Total,
            Returned,
            OpensAtMs ?? RedisValue.EmptyString,
            ClosesAtMs ?? RedisValue.EmptyString,
            Closed ? 1 : 0,
            Retaken,
            Title ?? "",
            CreatedAtMs,
        ];

    private static long? Milliseconds(DateTime? utc) =>
        utc is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)).ToUnixTimeMilliseconds() : null;
}
