namespace Coupon.Tests.Deployment;

/// <summary>A row of docs/settings.md.</summary>
/// <param name="Name">With colons.</param>
/// <param name="Default">What holds where it is not set, in Markdown.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Range">The values that are accepted, in Markdown.</param>
/// <param name="Meaning">In Markdown.</param>
internal sealed record Setting(string Name, string Default, string Unit, string Range, string Meaning);
