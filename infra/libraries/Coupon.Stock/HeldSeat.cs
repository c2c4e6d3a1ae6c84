using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>
/// One issuance as every place of the flow knows it, whatever form it takes there. This class alone reads and writes the text of a seat in C#:
/// <c>ordinal:userId:issuedAtMs[:[idempotencyKeyHash][:trace]]</c> in the outbox, the same without the user in the users hash, and without user and
/// ordinal where a script says when a seat was issued that still waits in the outbox. What a later version of this service adds at the end of a text,
/// behind a further colon, is read over: during a rollout both versions share one Redis. The trace (<see cref="SeatTrace"/>) belongs to the text, not
/// to the seat: two texts of one seat may differ in it.
/// </summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="Ordinal">The place in the queue, from 1.</param>
/// <param name="UserId">The user who holds the seat.</param>
/// <param name="IssuedAtMs">When Redis decided, Unix time in milliseconds.</param>
/// <param name="KeyHash">64 bits of the hash of the user's Idempotency-Key; null: none.</param>
public readonly record struct HeldSeat(long CouponId, long Ordinal, long UserId, long IssuedAtMs, long? KeyHash = null)
{
    /// <summary>As a member of the outbox, as <c>issue.lua</c> writes it.</summary>
    /// <param name="trace">The trace of the press; null: it has none.</param>
    public RedisValue ToOutbox(string? trace = null)
    {
        var end = EndOf(KeyHash, trace);
        return end.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Ordinal}:{UserId}:{IssuedAtMs}")
            : string.Create(CultureInfo.InvariantCulture, $"{Ordinal}:{UserId}:{IssuedAtMs}:{end}");
    }

    /// <summary>What <c>issue.lua</c> puts behind the time: <c>[idempotencyKeyHash][:trace]</c>.</summary>
    public static string EndOf(long? keyHash, string? trace)
    {
        var key = keyHash?.ToString(CultureInfo.InvariantCulture) ?? "";
        return trace is null ? key : $"{key}:{trace}";
    }

    /// <summary>The trace in a member of the outbox; null: it has none, as where an earlier version wrote it.</summary>
    public static ActivityContext? TraceOf(string? member)
    {
        var parts = (member ?? "").Split(':');
        return parts.Length > 4 ? SeatTrace.Read(parts[4]) : null;
    }

    /// <summary>Reads a member of the outbox: <c>ordinal:userId:issuedAtMs[:[idempotencyKeyHash][:trace]]</c>.</summary>
    /// <returns>False: it is none.</returns>
    public static bool TryParseOutbox(long couponId, string? member, out HeldSeat seat)
    {
        seat = default;
        var parts = (member ?? "").Split(':');
        if (parts.Length < 3 || !Number(parts[0], out var ordinal) || !Number(parts[1], out var user) || !Number(parts[2], out var time))
            return false;
        seat = new HeldSeat(couponId, ordinal, user, time, KeyHashOf(parts, 3));
        return true;
    }

    /// <summary>The member of the outbox that belongs to a field of the users, with all that the field holds.</summary>
    /// <param name="userId">The user, the name of the field.</param>
    /// <param name="value">Its value, <c>ordinal:issuedAtMs[:idempotencyKeyHash]</c>.</param>
    public static string OutboxMember(long userId, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var end = value.IndexOf(':', StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{value.AsSpan(0, end)}:{userId}{value.AsSpan(end)}");
    }

    /// <summary>Reads a field of the users: user id → <c>ordinal:issuedAtMs[:idempotencyKeyHash]</c>.</summary>
    /// <returns>False: it is none.</returns>
    public static bool TryParseUser(long couponId, string? user, string? value, out HeldSeat seat)
    {
        seat = default;
        var parts = (value ?? "").Split(':');
        if (parts.Length < 2 || !Number(user, out var userId) || !Number(parts[0], out var ordinal) || !Number(parts[1], out var time))
            return false;
        seat = new HeldSeat(couponId, ordinal, userId, time, KeyHashOf(parts, 2));
        return true;
    }

    /// <summary>
    /// Reads the end of a member of the outbox, of a seat whose ordinal and user are known: <c>issuedAtMs[:idempotencyKeyHash]</c>.
    /// </summary>
    /// <returns>False: it is none.</returns>
    public static bool TryParseTimeAndKey(long couponId, long ordinal, long userId, string? text, out HeldSeat seat)
    {
        seat = default;
        var parts = (text ?? "").Split(':');
        if (!Number(parts[0], out var time))
            return false;
        seat = new HeldSeat(couponId, ordinal, userId, time, KeyHashOf(parts, 1));
        return true;
    }

    /// <summary>The ordinal in a field of the users, whatever follows it.</summary>
    /// <returns>Null: there is none.</returns>
    public static long? OrdinalOf(string? value) =>
        long.TryParse((value ?? "").Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;

    // A text that is no number counts as no key: the same request again is then answered "already issued", which is also true.
    private static long? KeyHashOf(string[] parts, int at) =>
        parts.Length > at && long.TryParse(parts[at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hash) ? hash : null;

    private static bool Number(string? text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
