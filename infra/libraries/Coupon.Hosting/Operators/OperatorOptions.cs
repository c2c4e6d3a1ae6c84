using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Coupon.Hosting.Tokens;
using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Operators;

/// <summary>
/// Section <c>Operators</c>: the address of the operators' door, and who may pass it. It is open where a <see cref="Key"/> or <see cref="Jwt"/> is
/// set.
/// </summary>
public sealed class OperatorOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Operators";

    /// <summary>The fewest characters of a key.</summary>
    public const int MinKeyLength = 16;

    private int _defaultPort;

    /// <summary>
    /// The address of the door, with a port of its own: <c>http://127.0.0.1:5081</c>, or <c>http://*:8081</c> for every address of the machine.
    /// Default null: the loopback address, with port 8081 for the API and 8091 for the consumer.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>
    /// The shared secret of the header <c>X-Operator-Key</c>, of <c>Authorization: Bearer</c>, and of the console's sign-in. At least 16 characters;
    /// default null: none.
    /// </summary>
    [MinLength(MinKeyLength)]
    public string? Key { get; set; }

    /// <summary>Bearer tokens with the operators' role, instead of the key or beside it.</summary>
    public OperatorJwtOptions Jwt { get; set; } = new();

    /// <summary>Where the door is; null: it is closed.</summary>
    public BindingAddress? Address =>
        Key is null && !Jwt.IsConfigured ? null
        : string.IsNullOrEmpty(Url) ? Parsed(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_defaultPort}"))
        : Parsed(Url);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(Url) && Key is null && !Jwt.IsConfigured)
            yield return new ValidationResult(
                "Operators:Url opens the operators' door, so Operators:Key or Operators:Jwt is required.",
                [nameof(Key)]
            );
        if (!string.IsNullOrEmpty(Url) && Parsed(Url) is null)
            yield return new ValidationResult("Operators:Url must be an http or https address with a port.", [nameof(Url)]);
        foreach (var fault in Jwt.Faults("Operators:Jwt"))
            yield return new ValidationResult(fault, [nameof(Jwt)]);
    }

    // As Kestrel reads it: http://*:8081, every address of a container, is no URI.
    private static BindingAddress? Parsed(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http" or "https", IsUnixPipe: false, IsNamedPipe: false, PathBase: "", Port: > 0 } ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    internal void UseDefaultPort(int port) => _defaultPort = port;
}

/// <summary>Section <c>Operators:Jwt</c>: the tokens that operators send.</summary>
public sealed class OperatorJwtOptions : JwtOptions
{
    /// <summary>Makes options with the operators' audience.</summary>
    public OperatorJwtOptions() => Audience = "coupon-operators";

    /// <summary>The role that an operator has. Default <c>coupon-operator</c>.</summary>
    public string Role { get; set; } = "coupon-operator";
}
