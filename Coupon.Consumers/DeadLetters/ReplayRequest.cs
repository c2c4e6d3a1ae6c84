namespace Coupon.Consumers.DeadLetters;

/// <summary>Which dead letters to send back to the main topic.</summary>
internal sealed record ReplayRequest
{
    /// <summary>The entries. Without states: those that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>The operator, for the audit.</summary>
    public required string Actor { get; init; }

    /// <summary>The action of the operator, as the audit of actions names it; null: one of its own.</summary>
    public string? Operation { get; init; }

    /// <summary>Changes to the messages; null: they are sent as they were.</summary>
    public MessageEdit? Edit { get; init; }

    /// <summary>Messages a second at most; null: no limit.</summary>
    public double? Rate { get; init; }

    /// <summary>
    /// The ids that an operator has confirmed; others are left out, though they match by now. Null: no confirmation was asked for.
    /// </summary>
    public IReadOnlyList<long>? Confirmed { get; init; }

    /// <summary>Entries at most, oldest first; null: all.</summary>
    public int? Limit { get; init; }
}
