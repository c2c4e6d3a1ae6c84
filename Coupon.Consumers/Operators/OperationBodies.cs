using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Operators;

// A member that nobody knows is refused, as the API does: a filter that is misspelt would mean all, and a dry run that is would change them. Said of
// each
// body and of the filter, not of all JSON: the document would promise of answers too that they never get a member more.

/// <summary>What to replay.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayBody
{
    /// <summary>Which dead letters; an empty object means all that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>Only count; change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Messages a second at most.</summary>
    public double? Rate { get; init; }

    /// <summary>Entries at most, oldest first; 1 to 1,000, since the answer waits for them. Default 1,000.</summary>
    public int Limit { get; init; } = OperationEndpoints.MaxBulk;

    /// <summary>Changes to make first: <c>coupon-id</c>, <c>ordinal</c>, <c>user-id</c>, <c>issued-at</c>.</summary>
    public IReadOnlyDictionary<string, string>? Set { get; init; }
}

/// <summary>What to discard.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DiscardBody
{
    /// <summary>Which dead letters; an empty object means all that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>Why, for the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>Give the seats back to the stock.</summary>
    public bool ReturnSeat { get; init; }

    /// <summary>Only count; change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Entries at most, oldest first; 1 to 1,000. Default 1,000.</summary>
    public int Limit { get; init; } = OperationEndpoints.MaxBulk;
}

/// <summary>Why consumption is paused.</summary>
/// <param name="Reason">In words, 1 to 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PauseBody([property: MaxLength(500)] string Reason);
