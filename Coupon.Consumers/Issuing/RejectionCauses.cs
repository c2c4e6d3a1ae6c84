namespace Coupon.Consumers.Issuing;

/// <summary>The stable names by which dead letters are grouped. Operators filter by them, so they are never renamed.</summary>
internal static class RejectionCauses
{
    /// <summary>No such coupon in MySQL.</summary>
    public const string UnknownCoupon = "unknown-coupon";

    /// <summary>No seat is left in MySQL: more was issued than exists, and the database's guard held.</summary>
    public const string OverIssued = "over-issued";

    /// <summary>The ordinal belongs to another user.</summary>
    public const string OrdinalTaken = "ordinal-taken";

    /// <summary>The user holds this coupon under another ordinal.</summary>
    public const string UserAlreadyIssued = "user-already-issued";

    /// <summary>An operator has discarded this ordinal for good; this is a late copy of the message.</summary>
    public const string OrdinalVoided = "ordinal-voided";

    /// <summary>The database refused the values themselves.</summary>
    public const string InvalidData = "invalid-data";

    /// <summary>The bytes are not a message of this topic.</summary>
    public const string Undecodable = "undecodable";

    /// <summary>The database could not be reached for <c>Retry:MaxElapsed</c>; the message itself may be fine.</summary>
    public const string RetriesExhausted = "retries-exhausted";

    /// <summary>A defect of this program, which this message triggered.</summary>
    public const string Unexpected = "unexpected";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        UnknownCoupon,
        OverIssued,
        OrdinalTaken,
        UserAlreadyIssued,
        OrdinalVoided,
        InvalidData,
        Undecodable,
        RetriesExhausted,
        Unexpected,
    ];
}
