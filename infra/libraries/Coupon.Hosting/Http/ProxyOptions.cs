using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Coupon.Hosting.Http;

/// <summary>Section <c>Proxies</c>: the load balancers and gateways in front, whose word about a client is believed.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    /// <summary>
    /// Their addresses and networks, separated by semicolons: <c>10.0.0.7;10.1.0.0/16</c>. From these, <c>X-Forwarded-For</c> says the address of the
    /// client. Default null: none, and the address of the connection counts.
    /// </summary>
    public string? Trusted { get; set; }

    /// <summary>The same as networks.</summary>
    /// <exception cref="FormatException">One is neither an address nor a network.</exception>
    public IReadOnlyList<IPNetwork> ToNetworks() => [.. Parts().Select(Parse)];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Parts()
            .Where(part => !IPNetwork.TryParse(part, out _) && !IPAddress.TryParse(part, out _))
            .Select(part => new ValidationResult($"Proxies:Trusted has '{part}', which is neither an address nor a network.", [nameof(Trusted)]));

    private static IPNetwork Parse(string part) =>
        IPAddress.TryParse(part, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : IPNetwork.Parse(part);

    private string[] Parts() => (Trusted ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
