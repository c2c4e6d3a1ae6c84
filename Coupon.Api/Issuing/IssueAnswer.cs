namespace Coupon.Api.Issuing;

/// <summary>What the script decided, or why it could not be asked.</summary>
internal readonly record struct IssueAnswer(IssueReply Reply, Unanswerable Why = Unanswerable.No);

/// <summary>Why nothing can be said.</summary>
internal enum Unanswerable
{
    /// <summary>Something can be said.</summary>
    No,

    /// <summary>Redis does not answer.</summary>
    Unavailable,

    /// <summary>Redis may have forgotten something, and is being verified.</summary>
    Unverified,
}
