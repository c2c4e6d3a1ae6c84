namespace Coupon.Database;

/// <summary>
/// A replay or a discard of many dead letters, which runs in the background. Any instance may run it, show it, and stop it.
/// </summary>
public sealed class DeadLetterOperationRow
{
    /// <summary>The most characters of <see cref="Reason"/>.</summary>
    public const int MaxReasonLength = 1000;

    /// <summary>The most characters of <see cref="Fault"/>.</summary>
    public const int MaxFaultLength = 1000;

    /// <summary>The action of the operator, as the audits name it (<see cref="OperatorActionRow.Operation"/>).</summary>
    public required string Operation { get; init; }

    /// <summary>What it does.</summary>
    public DeadLetterOperationKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public DeadLetterOperationState State { get; init; }

    /// <summary>The operator who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>The filter, as JSON.</summary>
    public required string Filter { get; init; }

    /// <summary>A discard: the operator's reason.</summary>
    public string? Reason { get; init; }

    /// <summary>A discard: whether the seats go back to the stock.</summary>
    public bool ReturnSeat { get; init; }

    /// <summary>A replay: messages a second at most; null: no limit.</summary>
    public double? Rate { get; init; }

    /// <summary>The last entry that the operator was shown: later ones are left alone.</summary>
    public long UpToId { get; init; }

    /// <summary>When the operator was asked, by the clock of the database (UTC): entries that changed since are left alone.</summary>
    public DateTime AskedAt { get; init; }

    /// <summary>The status of HTTP that the operator was answered with; the audit begins with it when the operation has ended.</summary>
    public int AnsweredWith { get; init; }

    /// <summary>How many entries matched when it began.</summary>
    public int Total { get; init; }

    /// <summary>How many were replayed or discarded; counted when it ends.</summary>
    public int Done { get; init; }

    /// <summary>How many somebody else was changing; counted when it ends.</summary>
    public int Skipped { get; init; }

    /// <summary>How many were refused or failed; counted when it ends.</summary>
    public int Failed { get; init; }

    /// <summary>How many have had their turn, counted while it runs.</summary>
    public int Handled { get; init; }

    /// <summary>The first refusals, as JSON; null: none.</summary>
    public string? Failures { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>The operator who asked it to stop; null: nobody.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>The run that works on it; null: none.</summary>
    public string? Runner { get; init; }

    /// <summary>The end of the lease of that run (UTC).</summary>
    public DateTime? RunnerUntil { get; init; }

    /// <summary>When the operator asked for it, by the clock of the database (UTC).</summary>
    public DateTime BegunAt { get; init; }

    /// <summary>When it ended, by the clock of the database (UTC); null: it has not.</summary>
    public DateTime? EndedAt { get; init; }
}
