using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Coupon.Hosting.Operators;

/// <summary>
/// The header <c>X-Operator-Key</c>, or <c>Authorization: Bearer</c> with the key, which Prometheus and most clients can send; <c>X-Operator-Name</c>
/// is the operator's name for the audit.
/// </summary>
public sealed class OperatorKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    OperatorOptions options,
    KeyGuesses guesses
) : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "OperatorKey";

    /// <summary>The header with the key.</summary>
    public const string KeyHeader = "X-Operator-Key";

    /// <summary>The header with the operator's name.</summary>
    public const string NameHeader = "X-Operator-Name";

    private const string Bearer = "Bearer ";

    private bool _isOneTooMany;

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Given();
        if (given.Length == 0)
            return AuthenticateResult.NoResult();
        if (!guesses.IsRight(given))
        {
            _isOneTooMany = await guesses.IsOneTooManyAsync(Context);
            return AuthenticateResult.Fail("The operator key is wrong.");
        }
        var name = Request.Headers[NameHeader].ToString();
        var user = OperatorAuthentication.Operator(name.Length > 0 ? name : "operator", options, SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(user, SchemeName));
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!_isOneTooMany)
            return base.HandleChallengeAsync(properties);
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = "60";
        return Task.CompletedTask;
    }

    /// <summary>Compares in constant time.</summary>
    internal static bool Matches(string? key, string given) =>
        key is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    private string Given()
    {
        var key = Request.Headers[KeyHeader].ToString();
        if (key.Length > 0)
            return key;
        var authorization = Request.Headers.Authorization.ToString();
        var bearer = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : "";

        // A token has three parts (RFC 7515, section 3.1), and is judged by its own scheme.
        return options.Jwt.IsConfigured && bearer.Count(character => character == '.') == 2 ? "" : bearer;
    }
}
