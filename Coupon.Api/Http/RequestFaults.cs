namespace Coupon.Api.Http;

/// <summary>Collects the faults of a request, member by member, so that a client is told all of them at once.</summary>
internal sealed class RequestFaults
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>Whether the request has a fault.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>Refuses for a single fault.</summary>
    public static Refusal Refuse(string member, string expectation) => new RequestFaults().Unless(false, member, expectation).ToRefusal();

    /// <summary>Adds a fault, unless an expectation is met.</summary>
    /// <param name="met">Whether it is met.</param>
    /// <param name="member">The member, as the client spells it.</param>
    /// <param name="expectation">Continues the sentence that begins with the member.</param>
    public RequestFaults Unless(bool met, string member, string expectation)
    {
        if (!met)
            _errors[member] = [.. _errors.GetValueOrDefault(member, []), $"{member} {expectation}"];
        return this;
    }

    /// <summary>The faults as a problem.</summary>
    public Refusal ToRefusal() => new(Problem.Of(ProblemKinds.InvalidRequest) with { Errors = _errors });
}
