using Coupon.Stock;

namespace Coupon.Api.Issuing.Remembering;

/// <summary>
/// The seats that this instance has given out in the last second, so that a second press of the same user needs no call of Redis. It decides nothing:
/// the answer repeats the first one, within the same term of the lease. A change of any stock ends all of it, since a seat may have been taken back.
/// </summary>
/// <remarks>
/// The table has a fixed size, and a newer seat replaces an older one in the same slot. It costs 2 MB and no garbage collection; a dictionary of
/// entries that live for a second would be copied through the generations of the heap. A seat that was replaced is found in Redis.
/// </remarks>
internal sealed class SeatCache(IssuingOptions options, TimeProvider time)
{
    private const int SlotBits = 15;
    private const int Locks = 64;

    private readonly Slot[] _slots = new Slot[options.SeatCacheTime > TimeSpan.Zero ? 1 << SlotBits : 0];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private long _forgottenAt = long.MinValue;

    /// <summary>Remembers a seat that the script has just given out.</summary>
    public void Remember(in HeldSeat seat, LeaseTerm term)
    {
        if (_slots.Length == 0)
            return;
        var slot = SlotOf(seat.CouponId, seat.UserId);
        lock (_locks[slot % Locks])
            _slots[slot] = new Slot(seat, time.GetTimestamp(), term.Number);
    }

    /// <summary>Finds the seat of a user; false where only Redis can tell.</summary>
    public bool TryFind(long couponId, long userId, LeaseTerm term, out HeldSeat seat)
    {
        seat = default;
        if (_slots.Length == 0)
            return false;
        var index = SlotOf(couponId, userId);
        Slot slot;
        lock (_locks[index % Locks])
            slot = _slots[index];
        if (slot.Seat.UserId != userId || slot.Seat.CouponId != couponId || slot.Term != term.Number || slot.At <= Volatile.Read(ref _forgottenAt))
            return false;
        if (time.GetElapsedTime(slot.At) >= options.SeatCacheTime)
            return false;
        seat = slot.Seat;
        return true;
    }

    /// <summary>Forgets all seats: some stock has changed.</summary>
    public void Forget() => Volatile.Write(ref _forgottenAt, time.GetTimestamp());

    // Fibonacci hashing: ids of users are often consecutive, and the multiplication spreads them.
    private static int SlotOf(long couponId, long userId) => (int)((ulong)(userId + (couponId << 40)) * 0x9E3779B97F4A7C15UL >> (64 - SlotBits));

    // The user id is positive, so an empty slot matches no user.
    private readonly record struct Slot(HeldSeat Seat, long At, long Term);
}
