namespace Coupon.Database;

/// <summary>One thing that was done to a dead letter: never changed, never deleted.</summary>
public sealed class DeadLetterAuditRow
{
    /// <summary>The <see cref="Actor"/> of what no operator asked for.</summary>
    public const string SystemActor = "system";

    /// <summary>The most characters of <see cref="Actor"/>.</summary>
    public const int MaxActorLength = 100;

    /// <summary>The most characters of <see cref="Detail"/>.</summary>
    public const int MaxDetailLength = 2000;

    /// <summary>Assigned by the database, positive, growing.</summary>
    public long Id { get; init; }

    /// <summary>The dead letter.</summary>
    public long DeadLetterId { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>The name of the operator, or <see cref="SystemActor"/>.</summary>
    public required string Actor { get; init; }

    /// <summary>What.</summary>
    public DeadLetterAction Action { get; init; }

    /// <summary>The reason given, the cause of a failure, or the list of edits (<c>user-id: 5 → 7</c>).</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// Which run of an operation did it: a step that is taken again because its answer was lost finds that it was done. Null: the system did it.
    /// </summary>
    public string? Operation { get; init; }

    /// <summary>Edits only: the value before the edit, byte for byte.</summary>
    public byte[]? ValueBefore { get; init; }

    /// <summary>Edits only: the value that was sent, byte for byte.</summary>
    public byte[]? ValueAfter { get; init; }
}
