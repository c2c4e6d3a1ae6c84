namespace Coupon.Database;

/// <summary>Where a background operation on dead letters stands. Stored by name.</summary>
public enum DeadLetterOperationState
{
    /// <summary>No instance has taken it yet, or it was handed back by one that stopped.</summary>
    Waiting,

    /// <summary>An instance works on it; where its lease has run out, another one takes it over.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>An operator stopped it.</summary>
    Stopped,

    /// <summary>A server was away, or the program has a defect: the rest was not tried.</summary>
    Failed,
}
