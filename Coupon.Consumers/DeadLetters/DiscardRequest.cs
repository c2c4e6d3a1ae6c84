namespace Coupon.Consumers.DeadLetters;

/// <summary>Which dead letters to give up for good.</summary>
internal sealed record DiscardRequest
{
    /// <summary>The entries; only open ones are discarded.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>The operator, for the audit.</summary>
    public required string Actor { get; init; }

    /// <summary>The action of the operator, as the audit of actions names it; null: one of its own.</summary>
    public string? Operation { get; init; }

    /// <summary>The operator's reason, for the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the seat goes back to the stock; its user may then press again.</summary>
    public bool ReturnSeat { get; init; }

    /// <summary>
    /// The ids that an operator has confirmed; others are left out, though they match by now. Null: no confirmation was asked for.
    /// </summary>
    public IReadOnlyList<long>? Confirmed { get; init; }

    /// <summary>Entries at most, oldest first; null: all.</summary>
    public int? Limit { get; init; }
}
