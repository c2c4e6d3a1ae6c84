namespace Coupon.Api.Http;

/// <summary>The body of every refusal: problem details of RFC 9457, with members of this service. Members that do not apply are left out.</summary>
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

    /// <summary>What is wrong with this request.</summary>
    public string? Detail { get; init; }

    /// <summary>For each faulty member of the request, what is expected of it.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Of the original issuance: its id.</summary>
    public string? IssuanceId { get; init; }

    /// <summary>Of the original issuance: the place in the queue.</summary>
    public long? Ordinal { get; init; }

    /// <summary>Of the original issuance: when it was decided.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the coupon opens.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Of a fault of this service: the id to search the logs for.</summary>
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

/// <summary>All kinds of problems.</summary>
/// <param name="Items">The kinds, by code.</param>
public sealed record ProblemList(IReadOnlyList<ProblemKind> Items);

/// <summary>One way in which a request can be refused. The code is stable: clients may branch on it, and never on the words.</summary>
/// <param name="Code">The stable code, for example <c>sold-out</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A few words, the same each time.</param>
/// <param name="Meaning">What it means and what the client can do.</param>
public sealed record ProblemKind(string Code, int Status, string Title, string Meaning)
{
    /// <summary>The type of RFC 9457: a relative reference that this service answers with the meaning.</summary>
    public string Type { get; } = "/problems/" + Code;
}
