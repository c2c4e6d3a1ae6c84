using Coupon.Api.Problems;

namespace Coupon.Api.Http;

/// <summary>Collects what is wrong with a request, member by member, so that a client hears of everything at once.</summary>
internal sealed class InvalidRequest
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>Null where everything is as expected.</summary>
    public Refusal? Refusal => _errors.Count == 0 ? null : new Refusal(Problem.Of(ProblemKinds.InvalidRequest) with { Errors = _errors });

    /// <summary>For the one thing that can be wrong.</summary>
    public static Refusal Because(string member, string expectation) => new InvalidRequest().Unless(false, member, expectation).Refusal!;

    /// <summary>Notes an expectation that is not met.</summary>
    /// <param name="met">Whether it is met.</param>
    /// <param name="member">The member, as the client spells it.</param>
    /// <param name="expectation">Continues the sentence that begins with the member.</param>
    public InvalidRequest Unless(bool met, string member, string expectation)
    {
        if (!met)
            _errors[member] = [.. _errors.GetValueOrDefault(member, []), $"{member} {expectation}"];
        return this;
    }
}
