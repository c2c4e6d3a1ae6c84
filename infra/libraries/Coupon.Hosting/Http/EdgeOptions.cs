namespace Coupon.Hosting.Http;

/// <summary>What a program refuses before its endpoints.</summary>
public sealed class EdgeOptions
{
    /// <summary>
    /// The hosts that requests may name, separated by semicolons; <c>*.example.org</c> for all below one, <c>*</c> for any. The setting
    /// <c>AllowedHosts</c>. Null or empty: addresses, and names without a dot (<c>localhost</c>, the name of a container), which no other site can
    /// have.
    /// </summary>
    public string? AllowedHosts { get; set; }
}
