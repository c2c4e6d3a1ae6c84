namespace Coupon.Api.Issuing;

/// <summary>A decision of <c>issue.lua</c>. The script spells the same numbers; a test compares them.</summary>
public enum IssueOutcome
{
    /// <summary>Redis does not know the coupon: it does not exist, or Redis has forgotten it. Never the same as sold out.</summary>
    NotLoaded = 0,

    /// <summary>The window has not begun, by the clock of Redis.</summary>
    NotOpenYet = 1,

    /// <summary>The window is over, or the coupon was closed by hand.</summary>
    Closed = 2,

    /// <summary>The user has one; the ordinal and the time are the original ones.</summary>
    AlreadyIssued = 3,

    /// <summary>No seat is left.</summary>
    SoldOut = 4,

    /// <summary>The outbox of the coupon is full: nothing was decided, and the user may try again.</summary>
    OutboxFull = 5,

    /// <summary>The user has taken a seat.</summary>
    Issued = 6,

    /// <summary>The user has one and sends the Idempotency-Key of the first press: the answer is the first one again.</summary>
    Repeated = 7,

    /// <summary>
    /// Redis knows the coupon from before the last verification that the caller knows of: nothing was decided, and the user may try again.
    /// </summary>
    NotVerified = 8,
}
