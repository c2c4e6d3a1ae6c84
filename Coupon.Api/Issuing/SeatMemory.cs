using Coupon.Stock;

namespace Coupon.Api.Issuing;

/// <summary>
/// Who has just been given a seat here and presses again, as people do, hears of it without Redis. Nothing is decided: it repeats what this instance
/// has
/// told them a moment ago, in the same term of its lease. Short-lived, and forgotten where the stock of any coupon changed, since a seat may have
/// been taken back.
/// </summary>
/// <remarks>
/// A table of fixed size, where the newer seat takes the place of an older one: it costs 2 MB and nothing to collect, where a dictionary of what
/// lives for a
/// second would be copied from generation to generation. Who lost the place is asked for in Redis, as ever.
/// </remarks>
internal sealed class SeatMemory(IssuingOptions options, TimeProvider time)
{
    private const int PlaceBits = 15;
    private const int Locks = 64;

    private readonly Seat[] _seats = new Seat[options.SeatMemory > TimeSpan.Zero ? 1 << PlaceBits : 0];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private long _forgottenAt = long.MinValue;

    /// <summary>The script has said yes.</summary>
    public void Remember(long couponId, long userId, IssueReply seat, long? idempotencyKeyHash, LeaseTerm term)
    {
        if (_seats.Length == 0)
            return;
        var place = PlaceOf(couponId, userId);
        lock (_locks[place % Locks])
            _seats[place] = new Seat(couponId, userId, seat.Ordinal, seat.TimeMs, idempotencyKeyHash, time.GetTimestamp(), term.Number);
    }

    /// <summary>What the script would answer to somebody who has a seat; false where only the script can tell.</summary>
    public bool TryRepeat(long couponId, long userId, long? idempotencyKeyHash, LeaseTerm term, out IssueReply reply)
    {
        reply = default;
        if (_seats.Length == 0)
            return false;
        var place = PlaceOf(couponId, userId);
        Seat seat;
        lock (_locks[place % Locks])
            seat = _seats[place];
        if (seat.UserId != userId || seat.CouponId != couponId || seat.Term != term.Number || seat.At <= Volatile.Read(ref _forgottenAt))
            return false;
        if (time.GetElapsedTime(seat.At) >= options.SeatMemory)
            return false;
        var isSameRequest = idempotencyKeyHash is not null && idempotencyKeyHash == seat.KeyHash;
        reply = new IssueReply(isSameRequest ? IssueOutcome.Repeated : IssueOutcome.AlreadyIssued, seat.Ordinal, seat.TimeMs);
        return true;
    }

    /// <summary>Some stock has changed.</summary>
    public void Forget() => Volatile.Write(ref _forgottenAt, time.GetTimestamp());

    // Users have ids in a row as often as not: the multiplication spreads them (Fibonacci hashing).
    private static int PlaceOf(long couponId, long userId) => (int)((ulong)(userId + (couponId << 40)) * 0x9E3779B97F4A7C15UL >> (64 - PlaceBits));

    // A user's id is positive, so a place that is empty is nobody's.
    private readonly record struct Seat(long CouponId, long UserId, long Ordinal, long TimeMs, long? KeyHash, long At, long Term);
}
