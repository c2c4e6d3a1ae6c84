using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Coupon.Hosting.Tokens;

/// <summary>The tokens that are accepted: who signs them and for whom they are. Lifetime, signature, issuer and audience are checked.</summary>
public class JwtOptions
{
    /// <summary>The fewest bytes of a symmetric signing key: the minimum for HS256 (RFC 7518, section 3.2).</summary>
    public const int MinSigningKeyLength = 32;

    /// <summary>The OpenID Connect issuer, an https address, whose keys are fetched. Default null.</summary>
    public string? Authority { get; set; }

    /// <summary>The issuer to expect where <see cref="SigningKey"/> is used. Default null: any.</summary>
    public string? Issuer { get; set; }

    /// <summary>A symmetric key in base64 (HS256, at least 32 bytes), where there is no issuer to ask. Default null.</summary>
    public string? SigningKey { get; set; }

    /// <summary>The audience to expect.</summary>
    public string Audience { get; set; } = "coupon";

    /// <summary>Whether tokens are accepted at all.</summary>
    public bool IsConfigured => Authority is not null || SigningKey is not null;

    /// <summary>The faults of these options, as sentences.</summary>
    /// <param name="section">What to call them.</param>
    public IEnumerable<string> Faults(string section)
    {
        if (SigningKey is { } key && !IsSigningKey(key))
            yield return $"{section}:SigningKey must be base64 of at least {MinSigningKeyLength} bytes.";
        if (Authority is { } authority && !(Uri.TryCreate(authority, UriKind.Absolute, out var issuer) && issuer.Scheme == Uri.UriSchemeHttps))
            yield return $"{section}:Authority must be an absolute https address.";
        if (IsConfigured && string.IsNullOrEmpty(Audience))
            yield return $"{section}:Audience is required.";
    }

    /// <summary>Sets up the framework's validation of bearer tokens accordingly.</summary>
    public void Configure(JwtBearerOptions bearer)
    {
        ArgumentNullException.ThrowIfNull(bearer);
        bearer.Authority = Authority;
        ApplyTo(bearer.TokenValidationParameters);
    }

    /// <summary>What a token is held against: the audience and, where there is a symmetric key, the key and the issuer.</summary>
    public void ApplyTo(TokenValidationParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.ValidAudience = Audience;
        if (SigningKey is null)
            return;
        parameters.IssuerSigningKey = new SymmetricSecurityKey(Convert.FromBase64String(SigningKey));
        parameters.ValidIssuer = Issuer;

        // With an authority, its issuer counts.
        parameters.ValidateIssuer = Issuer is not null || Authority is not null;
    }

    private static bool IsSigningKey(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= MinSigningKeyLength;
    }
}
