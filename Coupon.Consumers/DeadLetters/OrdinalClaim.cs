namespace Coupon.Consumers.DeadLetters;

/// <summary>The claim of a message to the ordinal that it names.</summary>
internal enum OrdinalClaim
{
    /// <summary>None: the ordinal was never given out, belongs to another user, or is missing.</summary>
    None,

    /// <summary>The ordinal was given out, or may have been, and no other user is known to hold it.</summary>
    Believed,

    /// <summary>The message's user holds the ordinal in Redis.</summary>
    Holds,
}
