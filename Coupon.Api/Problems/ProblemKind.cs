namespace Coupon.Api.Problems;

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
