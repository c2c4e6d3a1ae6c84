using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Operators;

/// <summary>The header <c>X-Operator-Key</c>; <c>X-Operator-Name</c> says who, for the audit.</summary>
internal sealed class OperatorKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IOptions<OperatorOptions> options,
    KeyGuesses guesses
) : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "OperatorKey";
    public const string KeyHeader = "X-Operator-Key";
    public const string NameHeader = "X-Operator-Name";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Request.Headers[KeyHeader].ToString();
        if (given.Length == 0)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (!guesses.IsRight(Context, given))
            return Task.FromResult(AuthenticateResult.Fail("The operator key is wrong."));
        var name = Request.Headers[NameHeader].ToString();
        var user = OperatorAuthentication.Operator(name.Length > 0 ? name : "operator", options.Value, SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, SchemeName)));
    }

    /// <summary>Takes the same time however much of it is right.</summary>
    public static bool Matches(string? key, string given) =>
        key is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));
}
