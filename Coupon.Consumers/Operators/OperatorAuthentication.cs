using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Coupon.Database;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Coupon.Consumers.Operators;

/// <summary>
/// Two doors: the JSON API takes a key or a token in a header, which no other site can make a browser send; the console takes a session cookie that
/// is bound to this site, or a token that a proxy adds.
/// </summary>
internal static class OperatorAuthentication
{
    public const string ApiPolicy = "operators-api";
    public const string ConsolePolicy = "operators-console";
    private const string KeyClaim = "operator-key";

    public static readonly string NameTooLong =
        $"The name of an operator must have at most {DeadLetterAuditRow.MaxActorLength} characters, since the audit keeps it.";
    private static readonly TimeSpan _session = TimeSpan.FromHours(8);

    public static void AddOperatorAuthentication(this IServiceCollection services, OperatorOptions options)
    {
        var authentication = services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, OperatorKeyHandler>(OperatorKeyHandler.SchemeName, null)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "coupon-operator";
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.Cookie.HttpOnly = true;
                cookie.ExpireTimeSpan = _session;
                cookie.SlidingExpiration = true;
                cookie.LoginPath = "/console/sign-in";
                cookie.AccessDeniedPath = "/console/sign-in";
                cookie.Events.OnValidatePrincipal = EndWhereTheKeyHasChangedAsync;
            });
        List<string> api = [OperatorKeyHandler.SchemeName],
            console = [CookieAuthenticationDefaults.AuthenticationScheme];
        if (options.Jwt.IsConfigured)
        {
            authentication.AddJwtBearer(bearer => Configure(bearer, options.Jwt));
            api.Add(JwtBearerDefaults.AuthenticationScheme);
            console.Insert(0, JwtBearerDefaults.AuthenticationScheme);
        }
        services
            .AddAuthorizationBuilder()
            .AddPolicy(ApiPolicy, policy => policy.AddAuthenticationSchemes([.. api]).RequireAuthenticatedUser().RequireRole(options.Jwt.Role))
            .AddPolicy(ConsolePolicy, policy =>
                policy.AddAuthenticationSchemes([.. console]).RequireAuthenticatedUser().RequireRole(options.Jwt.Role)
            );
    }

    /// <summary>An operator who showed the key.</summary>
    public static ClaimsPrincipal Operator(string name, OperatorOptions options, string scheme) =>
        new(
            new ClaimsIdentity(
                [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, options.Jwt.Role), new Claim(KeyClaim, FingerprintOf(options.Key))],
                scheme
            )
        );

    // A key is changed because somebody should not have it any more: sessions that began with the old one end with it.
    private static async Task EndWhereTheKeyHasChangedAsync(CookieValidatePrincipalContext context)
    {
        var options = context.HttpContext.RequestServices.GetRequiredService<IOptions<OperatorOptions>>().Value;
        if (context.Principal?.FindFirstValue(KeyClaim) == FingerprintOf(options.Key))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    // The ticket is encrypted, and even so holds no more than tells one key from another.
    private static string FingerprintOf(string? key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key ?? "")).AsSpan(0, 8));

    /// <summary>Who acts, for the audit, which must not take one for another because their names begin alike.</summary>
    /// <exception cref="FormatException">The name is longer than the audit can hold.</exception>
    public static string ActorOf(ClaimsPrincipal user) =>
        NameOf(user) is { Length: <= DeadLetterAuditRow.MaxActorLength } name ? name : throw new FormatException(NameTooLong);

    /// <summary>Who looks, for pages.</summary>
    public static string NameOf(ClaimsPrincipal user) =>
        user.Identity?.Name
        ?? user.FindFirstValue("name")
        ?? user.FindFirstValue("preferred_username")
        ?? user.FindFirstValue("sub")
        ?? user.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? "operator";

    private static void Configure(JwtBearerOptions bearer, OperatorOptions.JwtOptions jwt)
    {
        bearer.Authority = jwt.Authority;
        bearer.Audience = jwt.Audience;
        bearer.MapInboundClaims = true;
        bearer.TokenValidationParameters.NameClaimType = ClaimTypes.Name;
        bearer.TokenValidationParameters.RoleClaimType = ClaimTypes.Role;
        if (jwt.SigningKey is null)
            return;
        bearer.TokenValidationParameters.IssuerSigningKey = new SymmetricSecurityKey(Convert.FromBase64String(jwt.SigningKey));
        bearer.TokenValidationParameters.ValidIssuer = jwt.Issuer;
        bearer.TokenValidationParameters.ValidateIssuer = jwt.Issuer is not null;
    }
}
