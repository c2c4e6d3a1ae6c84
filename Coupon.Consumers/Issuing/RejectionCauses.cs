namespace Coupon.Consumers.Issuing;

/// <summary>The stable names that dead letters are grouped by. Operators filter by them: they are never renamed.</summary>
internal static class RejectionCauses
{
    /// <summary>No such coupon in MySQL.</summary>
    public const string UnknownCoupon = "unknown-coupon";

    /// <summary>More was issued than exists: the guard of the database held.</summary>
    public const string OverIssued = "over-issued";

    /// <summary>The ordinal is already another user's.</summary>
    public const string OrdinalTaken = "ordinal-taken";

    /// <summary>The user holds this coupon under another ordinal.</summary>
    public const string UserAlreadyIssued = "user-already-issued";

    /// <summary>An operator has discarded this ordinal for good; this is a late copy of the message.</summary>
    public const string OrdinalVoided = "ordinal-voided";

    /// <summary>The database refused the values themselves.</summary>
    public const string InvalidData = "invalid-data";

    /// <summary>The bytes are not a message of this topic.</summary>
    public const string Undecodable = "undecodable";

    /// <summary>Nothing was wrong with it, but the database could not be reached for as long as <c>Retry:MaxElapsed</c>.</summary>
    public const string RetriesExhausted = "retries-exhausted";

    /// <summary>A defect of this program that this message brought to light.</summary>
    public const string Unexpected = "unexpected";
}
