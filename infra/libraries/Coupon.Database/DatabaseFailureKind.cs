namespace Coupon.Database;

/// <summary>The cause of a failed write: it decides between waiting and giving a message up.</summary>
public enum DatabaseFailureKind
{
    /// <summary>The database, the network or the schema: the same write may succeed later. Wait and repeat; never a message's fault.</summary>
    Transient,

    /// <summary>What was written: the same write fails for ever.</summary>
    Data,

    /// <summary>Neither: an exception that did not come from the database. A defect, which one message may have brought to light.</summary>
    Unexpected,
}
