namespace Coupon.Tests.Servers;

/// <summary>Names that keep tests on a shared server apart, in this run and from earlier ones.</summary>
public static class UniqueName
{
    public static string From(string name) => $"{name}-{Guid.NewGuid().ToString("N")[..12]}";
}
