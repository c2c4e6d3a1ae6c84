using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Operators;

// Unknown members are rejected: a misspelt filter would match everything, and a misspelt dry run would change it. The attribute is on each body and
// on the filter: as an option of all JSON it would make the OpenAPI document promise that answers never gain a member.

/// <summary>The dead letters to replay.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayBody
{
    /// <summary>The dead letters; an empty object selects all that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>Counts only, and changes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Messages a second at most.</summary>
    public double? Rate { get; init; }

    /// <summary>Entries at most, oldest first; 1 to 1,000, since the answer waits for them. Default 1,000.</summary>
    public int Limit { get; init; } = OperationEndpoints.MaxBulk;

    /// <summary>Changes to make first: <c>coupon-id</c>, <c>ordinal</c>, <c>user-id</c>, <c>issued-at</c>.</summary>
    public IReadOnlyDictionary<string, string>? Set { get; init; }
}

/// <summary>The dead letters to discard.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DiscardBody
{
    /// <summary>The dead letters; an empty object selects all that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>The reason, for the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the seats go back to the stock.</summary>
    public bool ReturnSeat { get; init; }

    /// <summary>Counts only, and changes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Entries at most, oldest first; 1 to 1,000. Default 1,000.</summary>
    public int Limit { get; init; } = OperationEndpoints.MaxBulk;
}

/// <summary>The dead letters to replay in the background.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BackgroundReplayBody
{
    /// <summary>The dead letters; an empty object selects all that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>Messages a second at most.</summary>
    public double? Rate { get; init; }
}

/// <summary>The dead letters to discard in the background.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BackgroundDiscardBody
{
    /// <summary>The dead letters; an empty object selects all that are open.</summary>
    public required DeadLetterFilter Filter { get; init; }

    /// <summary>The reason, for the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the seats go back to the stock.</summary>
    public bool ReturnSeat { get; init; }
}

/// <summary>A pause of consumption.</summary>
/// <param name="Reason">The reason, 1 to 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PauseBody([property: MaxLength(500)] string Reason);
