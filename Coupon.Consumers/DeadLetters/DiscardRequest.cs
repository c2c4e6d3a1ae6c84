namespace Coupon.Consumers.DeadLetters;

/// <summary>What to give up for good.</summary>
internal sealed record DiscardRequest
{
    /// <summary>Which entries; only open ones are discarded.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>Who asks.</summary>
    public required string Actor { get; init; }

    /// <summary>Why; kept in the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the seat goes back to the stock, and its user may ask again.</summary>
    public bool ReturnSeat { get; init; }

    /// <summary>
    /// Of these only those that an operator was asked about; null: nobody was asked. What matches meanwhile, nobody has said yes to.
    /// </summary>
    public IReadOnlyList<long>? Asked { get; init; }

    /// <summary>Entries at most, oldest first; null: all.</summary>
    public int? Limit { get; init; }
}
