namespace Coupon.Database;

/// <summary>What a background operation does to dead letters. Stored by name.</summary>
public enum DeadLetterOperationKind
{
    /// <summary>It sends them back to the main topic.</summary>
    Replay,

    /// <summary>It gives them up for good.</summary>
    Discard,
}
