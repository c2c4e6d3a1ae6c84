namespace Coupon.Stock.Verification;

/// <summary>
/// What is known of the ordinals and the users of seats that were handed back through MySQL. An instance that was given up may hand back late: then
/// its number may be somebody else's, its user may hold another one, or its seat may have been given out once more. What was accepted since counts.
/// </summary>
internal sealed class HandedBackClaims
{
    private readonly Dictionary<long, long> _userOf = [];
    private readonly Dictionary<long, long> _ordinalOf = [];

    public HandedBackClaims(IEnumerable<HeldSeat> handedBack)
    {
        foreach (var seat in handedBack)
        {
            _userOf.TryAdd(seat.Ordinal, 0);
            _ordinalOf.TryAdd(seat.UserId, 0);
        }
    }

    /// <summary>The users of these seats.</summary>
    public IReadOnlyCollection<long> Users => _ordinalOf.Keys;

    /// <summary>A user holds an ordinal, as another place knows.</summary>
    public void Know(long ordinal, long userId)
    {
        if (_userOf.ContainsKey(ordinal))
            _userOf[ordinal] = userId;
        if (_ordinalOf.ContainsKey(userId))
            _ordinalOf[userId] = ordinal;
    }

    /// <summary>Whether the number is somebody else's, or the user holds another one.</summary>
    public bool IsSuperseded(HeldSeat seat) =>
        (_userOf[seat.Ordinal] is var user && user != 0 && user != seat.UserId)
        || (_ordinalOf[seat.UserId] is var ordinal && ordinal != 0 && ordinal != seat.Ordinal);
}
