using System.Diagnostics;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Remembering;

/// <summary>One entry of a coupon's outbox in Redis.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="Member">The text of the seat (<see cref="HeldSeat.ToOutbox"/>).</param>
internal readonly record struct OutboxEntry(long CouponId, RedisValue Member)
{
    /// <summary>The entry of a seat, as <c>issue.lua</c> writes it.</summary>
    /// <param name="seat">The seat.</param>
    /// <param name="trace">The trace of the press; null: none.</param>
    public static OutboxEntry Of(HeldSeat seat, string? trace = null) => new(seat.CouponId, seat.ToOutbox(trace));

    /// <summary>The trace of the press; null: it has none.</summary>
    public ActivityContext? Trace => HeldSeat.TraceOf(Member);

    /// <summary>Reads the seat.</summary>
    /// <returns>False: the text is not one that this service writes.</returns>
    public bool TryGetSeat(out HeldSeat seat) => HeldSeat.TryParseOutbox(CouponId, Member, out seat);
}
