namespace Coupon.Consumers.DeadLetters;

/// <summary>What to send back to the main topic.</summary>
internal sealed record ReplayRequest
{
    /// <summary>Which entries. Without states: those that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>Who asks.</summary>
    public required string Actor { get; init; }

    /// <summary>Changes to the messages; null: they are sent as they were.</summary>
    public MessageEdit? Edit { get; init; }

    /// <summary>Messages a second at most; null: as fast as it goes.</summary>
    public double? Rate { get; init; }

    /// <summary>
    /// Of these only those that an operator was asked about; null: nobody was asked. What matches meanwhile, nobody has said yes to.
    /// </summary>
    public IReadOnlyList<long>? Asked { get; init; }

    /// <summary>Entries at most, oldest first; null: all.</summary>
    public int? Limit { get; init; }
}
