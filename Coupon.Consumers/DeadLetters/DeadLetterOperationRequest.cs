using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>A replay or a discard that an operator has confirmed, to run in the background.</summary>
internal sealed record DeadLetterOperationRequest
{
    /// <summary>The action of the operator, as the audits name it.</summary>
    public required string Operation { get; init; }

    /// <summary>What to do.</summary>
    public required DeadLetterOperationKind Kind { get; init; }

    /// <summary>The operator.</summary>
    public required string Actor { get; init; }

    /// <summary>The filter as the operator gave it, without the step.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>The last entry that was counted before the confirmation.</summary>
    public required long UpToId { get; init; }

    /// <summary>When they were counted, by the clock of the database (UTC).</summary>
    public required DateTime AskedAt { get; init; }

    /// <summary>The status of HTTP that the operator is answered with, for the audit.</summary>
    public required int AnsweredWith { get; init; }

    /// <summary>How many were counted.</summary>
    public required int Total { get; init; }

    /// <summary>A discard: the reason.</summary>
    public string? Reason { get; init; }

    /// <summary>A discard: whether the seats go back to the stock.</summary>
    public bool ReturnSeat { get; init; }

    /// <summary>A replay: messages a second at most; null: no limit.</summary>
    public double? Rate { get; init; }
}
