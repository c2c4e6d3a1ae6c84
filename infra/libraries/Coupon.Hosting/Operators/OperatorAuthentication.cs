using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.Operators;

/// <summary>Who is an operator: the holder of the key, or of a token with the operators' role. Both are sent in a header, which no other site can
/// make a browser send.</summary>
public static class OperatorAuthentication
{
    /// <summary>The policy of programs, which send the key or a token with each request.</summary>
    public const string Policy = "operators";

    private const string TokenScheme = "OperatorToken";

    /// <summary>The schemes by which an operator is known.</summary>
    public static IReadOnlyList<string> Schemes(OperatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Jwt.IsConfigured ? [OperatorKeyHandler.SchemeName, TokenScheme] : [OperatorKeyHandler.SchemeName];
    }

    /// <summary>The schemes of tokens alone, which a proxy may add to what a browser sends.</summary>
    public static IReadOnlyList<string> TokenSchemes(OperatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Jwt.IsConfigured ? [TokenScheme] : [];
    }

    /// <summary>Requires one of the schemes, and the role.</summary>
    public static void RequireOperator(this AuthorizationPolicyBuilder policy, OperatorOptions options, params IEnumerable<string> schemes)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        policy.AddAuthenticationSchemes([.. schemes]).RequireAuthenticatedUser().RequireRole(options.Jwt.Role);
    }

    /// <summary>An operator who has the key.</summary>
    public static ClaimsPrincipal Operator(string name, OperatorOptions options, string scheme)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, options.Jwt.Role)], scheme));
    }

    /// <summary>The operator's name for the audit.</summary>
    /// <exception cref="FormatException">The audit cannot keep the name; see <see cref="OperatorName"/>.</exception>
    public static string ActorOf(ClaimsPrincipal user)
    {
        var name = NameOf(user);
        return OperatorName.FaultOf(name) is { } fault ? throw new FormatException(fault) : name;
    }

    /// <summary>The operator's name for pages.</summary>
    public static string NameOf(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity?.Name
            ?? user.FindFirstValue("name")
            ?? user.FindFirstValue("preferred_username")
            ?? user.FindFirstValue("sub")
            ?? user.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? "operator";
    }

    internal static void AddOperatorAuthentication(this IServiceCollection services, OperatorOptions options)
    {
        // No default scheme: a press asks for no operator.
        var authentication = services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, OperatorKeyHandler>(OperatorKeyHandler.SchemeName, null);
        if (options.Jwt.IsConfigured)
            authentication.AddJwtBearer(TokenScheme, bearer => Configure(bearer, options.Jwt));
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.RequireOperator(options, Schemes(options)));
    }

    private static void Configure(JwtBearerOptions bearer, OperatorJwtOptions jwt)
    {
        jwt.Configure(bearer);
        bearer.MapInboundClaims = true;
        bearer.TokenValidationParameters.NameClaimType = ClaimTypes.Name;
        bearer.TokenValidationParameters.RoleClaimType = ClaimTypes.Role;
    }
}
