namespace Coupon.Database;

/// <summary>Where a dead letter stands. Stored by name, so that the table can be read without this code.</summary>
public enum DeadLetterState
{
    /// <summary>No operator has handled it, or its replay failed again. It still holds its seat.</summary>
    Open,

    /// <summary>
    /// Sent back to the main topic and acknowledged by the broker; whether it could be written now is not known yet. It still holds its seat.
    /// </summary>
    Replayed,

    /// <summary>The database holds what the message says.</summary>
    Resolved,

    /// <summary>An operator decided that it is never written: its ordinal is voided.</summary>
    Discarded,
}
