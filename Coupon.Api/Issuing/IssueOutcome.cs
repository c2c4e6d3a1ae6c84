namespace Coupon.Api.Issuing;

/// <summary>What <c>issue.lua</c> decided. The numbers are the script's: a test holds both to each other.</summary>
public enum IssueOutcome
{
    /// <summary>Redis does not know the coupon: unknown, or forgotten. Never the same as sold out.</summary>
    NotLoaded = 0,

    /// <summary>The window has not begun, by the clock of Redis.</summary>
    NotOpenYet = 1,

    /// <summary>The window is over, or the coupon was closed by hand.</summary>
    Closed = 2,

    /// <summary>The user has one; the ordinal and the time are the original ones.</summary>
    AlreadyIssued = 3,

    /// <summary>Nothing is left.</summary>
    SoldOut = 4,

    /// <summary>Too much waits for Kafka already: nothing was decided, try again.</summary>
    OutboxFull = 5,

    /// <summary>A seat was taken.</summary>
    Issued = 6,

    /// <summary>The user has one, and asked with the same Idempotency-Key as the first time: the same answer again.</summary>
    Repeated = 7,

    /// <summary>
    /// What Redis knows of the coupon is from before the last verification that this instance knows of: nothing was decided, try again.
    /// </summary>
    NotVerified = 8,
}
