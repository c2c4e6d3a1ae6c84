using System.Globalization;

namespace Coupon.Stock;

/// <summary>One issuance as every place of the flow knows it, whatever form it takes there.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="Ordinal">The place in the queue, from 1.</param>
/// <param name="UserId">The user who holds the seat.</param>
/// <param name="IssuedAtMs">When Redis decided, Unix time in milliseconds.</param>
internal readonly record struct HeldSeat(long CouponId, long Ordinal, long UserId, long IssuedAtMs)
{
    /// <summary>Reads a member of the outbox: <c>ordinal:userId:issuedAtMs</c>.</summary>
    public static bool TryParseOutbox(long couponId, string? member, out HeldSeat seat)
    {
        seat = default;
        var parts = (member ?? "").Split(':');
        if (parts.Length != 3 || !Number(parts[0], out var ordinal) || !Number(parts[1], out var user) || !Number(parts[2], out var time)) return false;
        seat = new HeldSeat(couponId, ordinal, user, time);
        return true;
    }

    /// <summary>Reads a field of the users: user id → <c>ordinal:issuedAtMs[:idempotencyKeyHash]</c>.</summary>
    public static bool TryParseUser(long couponId, string? user, string? value, out HeldSeat seat)
    {
        seat = default;
        var parts = (value ?? "").Split(':');
        if (parts.Length < 2 || !Number(user, out var userId) || !Number(parts[0], out var ordinal) || !Number(parts[1], out var time)) return false;
        seat = new HeldSeat(couponId, ordinal, userId, time);
        return true;
    }

    private static bool Number(string? text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
