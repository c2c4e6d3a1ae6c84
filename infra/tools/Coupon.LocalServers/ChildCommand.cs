namespace Coupon.LocalServers;

/// <summary>What to start.</summary>
/// <param name="Program">A path, or a name on the PATH.</param>
/// <param name="Arguments">One entry an argument; nothing is parsed by a shell.</param>
public sealed record ChildCommand(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Added to the environment that this process has.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
