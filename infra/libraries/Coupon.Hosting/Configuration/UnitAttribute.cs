namespace Coupon.Hosting.Configuration;

/// <summary>The unit of a setting that is a number, where it is not just a count of what the setting is named after.</summary>
/// <param name="name">The unit: <c>bytes</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnitAttribute(string name) : Attribute
{
    /// <summary>The unit.</summary>
    public string Name { get; } = name;
}
