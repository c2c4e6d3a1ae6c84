using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>Tokens as an issuer would sign them.</summary>
internal static class OperatorTokens
{
    private static readonly byte[] _signingKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    /// <summary>The settings with which a consumer accepts them.</summary>
    public static (string Key, string Value) Setting { get; } = ("Operators:Jwt:SigningKey", Convert.ToBase64String(_signingKey));

    /// <summary>A valid token of Olga Operator, apart from the changes of <paramref name="spoil"/>.</summary>
    public static string Of(string role, Action<SecurityTokenDescriptor>? spoil = null)
    {
        var token = new SecurityTokenDescriptor
        {
            Subject = new ClaimsIdentity([new Claim("name", "Olga Operator"), new Claim("role", role)]),
            Issuer = "https://identity.example",
            Audience = "coupon-operators",
            SigningCredentials = SignedWith(_signingKey),
        };
        spoil?.Invoke(token);
        return new JsonWebTokenHandler().CreateToken(token);
    }

    public static SigningCredentials SignedWith(byte[] key) => new(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);
}
