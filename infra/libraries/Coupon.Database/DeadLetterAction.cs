namespace Coupon.Database;

/// <summary>What was done to a dead letter. Stored by name.</summary>
public enum DeadLetterAction
{
    /// <summary>It entered the ledger.</summary>
    Recorded,

    /// <summary>It was sent back to the main topic as it was.</summary>
    Replayed,

    /// <summary>It was sent back to the main topic with changes; both versions are in the audit.</summary>
    Edited,

    /// <summary>Its replay could not be written either.</summary>
    Reopened,

    /// <summary>Its replay was written, or was there already.</summary>
    Resolved,

    /// <summary>It was given up.</summary>
    Discarded,

    /// <summary>The seat that it held went back to the stock.</summary>
    SeatReturned,
}
