using Xunit.v3;

namespace Coupon.Tests;

/// <summary>
/// Marks a class whose tests need no server, no child process and no browser, and take no longer than moments: <c>infra/test --quick</c> runs those
/// only. <see cref="NeedsNothingTests"/> holds the marked classes to it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsNothingAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Needs", "Nothing")];
}
