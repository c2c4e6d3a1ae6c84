using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Operators;

/// <summary>
/// Who may operate, and where. Section <c>Operators</c>. Without a <see cref="Url"/> nothing is served; with one, a key or JWT is required:
/// there is no open console.
/// </summary>
internal sealed class OperatorOptions : IValidatableObject
{
    /// <summary>The fewest characters of a key.</summary>
    public const int MinKeyLength = 16;

    /// <summary>The fewest bytes of a symmetric signing key: what HS256 takes.</summary>
    public const int MinSigningKeyLength = 32;

    /// <summary>The address of console and JSON API, of a port of its own: <c>http://127.0.0.1:5081</c>. Null: closed.</summary>
    public string? Url { get; set; }

    /// <summary>The shared secret: header <c>X-Operator-Key</c>, or typed in at the console. At least 16 characters.</summary>
    [MinLength(MinKeyLength)]
    public string? Key { get; set; }

    /// <summary>Bearer tokens, as an alternative or beside the key.</summary>
    public JwtOptions Jwt { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Url))
            yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Port == 0)
            yield return new ValidationResult("Operators:Url must be an http or https address with a port.", [nameof(Url)]);
        if (Key is null && !Jwt.IsConfigured)
            yield return new ValidationResult("Operators:Url opens the console, so Operators:Key or Operators:Jwt must say to whom.", [nameof(Key)]);
        if (Jwt.SigningKey is { } key && !IsSigningKey(key))
            yield return new ValidationResult($"Operators:Jwt:SigningKey must be base64 of at least {MinSigningKeyLength} bytes.", [nameof(Jwt)]);
        if (Jwt.Authority is { } authority && !(Uri.TryCreate(authority, UriKind.Absolute, out var issuer) && issuer.Scheme == Uri.UriSchemeHttps))
            yield return new ValidationResult("Operators:Jwt:Authority must be an absolute https address.", [nameof(Jwt)]);
    }

    private static bool IsSigningKey(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= MinSigningKeyLength;
    }

    /// <summary>Which tokens are good.</summary>
    internal sealed class JwtOptions
    {
        /// <summary>The OpenID Connect issuer whose keys are fetched.</summary>
        public string? Authority { get; set; }

        /// <summary>The issuer to expect where <see cref="SigningKey"/> is used.</summary>
        public string? Issuer { get; set; }

        /// <summary>A symmetric key in base64 (HS256, at least 32 bytes), where there is no issuer to ask.</summary>
        public string? SigningKey { get; set; }

        /// <summary>The audience to expect.</summary>
        public string Audience { get; set; } = "coupon-operators";

        /// <summary>The role that an operator has.</summary>
        public string Role { get; set; } = "coupon-operator";

        public bool IsConfigured => Authority is not null || SigningKey is not null;
    }
}
