namespace Coupon.Consumers.DeadLetters;

/// <summary>What a message has to say about the ordinal that it names.</summary>
internal enum OrdinalClaim
{
    /// <summary>Nothing: it was never given out, is another user's, or there is none.</summary>
    None,

    /// <summary>It was given out, or may have been, and nobody else is known to hold it.</summary>
    Believed,

    /// <summary>Its user holds it in Redis.</summary>
    Holds,
}
