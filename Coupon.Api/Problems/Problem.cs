namespace Coupon.Api.Problems;

/// <summary>The body of every refusal: problem details of RFC 9457, with members of our own. Members that do not apply are left out.</summary>
public sealed record Problem
{
    /// <summary>A relative reference that leads to the meaning.</summary>
    public required string Type { get; init; }

    /// <summary>A few words, the same for each code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The stable code to branch on.</summary>
    public required string Code { get; init; }

    /// <summary>What was wrong this time.</summary>
    public string? Detail { get; init; }

    /// <summary>Per member of the request: what is expected of it.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Of the original issuance: its id.</summary>
    public string? IssuanceId { get; init; }

    /// <summary>Of the original issuance: the place in the queue.</summary>
    public long? Ordinal { get; init; }

    /// <summary>Of the original issuance: when it was decided.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the coupon opens.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Of a fault of ours: what to search the logs for.</summary>
    public string? TraceId { get; init; }

    /// <summary>The constant members of a kind.</summary>
    public static Problem Of(ProblemKind kind, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new Problem
        {
            Type = kind.Type,
            Title = kind.Title,
            Status = kind.Status,
            Code = kind.Code,
            Detail = detail,
        };
    }
}
