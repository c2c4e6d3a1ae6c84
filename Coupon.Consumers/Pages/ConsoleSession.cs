using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Pages;

/// <summary>
/// The session of an operator who signed in at the console: a random token in a cookie with SameSite=Strict. A token that a proxy adds is accepted
/// too.
/// </summary>
internal static class ConsoleSession
{
    public const string Policy = "operators-console";

    /// <summary>The scheme of authentication.</summary>
    public const string Scheme = "console";

    /// <summary>The name of the cookie.</summary>
    public const string Cookie = "coupon-operator";

    public static IServiceCollection AddConsoleSession(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ConsoleSessionHandler>(Scheme, null);
        services.AddSingleton<IConfigureOptions<AuthorizationOptions>>(provider => new ConfigureOptions<AuthorizationOptions>(authorization =>
        {
            var options = provider.GetRequiredService<OperatorOptions>();

            // The challenge of the last scheme is what a browser sees: the page to sign in.
            var schemes = OperatorAuthentication.TokenSchemes(options).Append(Scheme);
            authorization.AddPolicy(Policy, policy => policy.RequireOperator(options, schemes));
        }));
        return services.AddSingleton<ConsoleSessions>().AddHostedService<ConsoleSessionsSweep>().AddConsoleKeys();
    }

    /// <summary>Begins one, and gives it to the browser.</summary>
    public static async Task BeginAsync(HttpContext context, string actor)
    {
        var token = await context.RequestServices.GetRequiredService<ConsoleSessions>().BeginAsync(actor, context.RequestAborted);
        context.Response.Cookies.Append(Cookie, token, CookieOf(context));
    }

    /// <summary>Ends the one of this request, for everybody who has its cookie.</summary>
    public static async Task EndAsync(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is { Length: > 0 } token)
            await context.RequestServices.GetRequiredService<ConsoleSessions>().EndAsync(token, context.RequestAborted);
        context.Response.Cookies.Delete(Cookie, CookieOf(context));
    }

    // Until the browser is closed; MySQL knows when it ends before.
    private static CookieOptions CookieOf(HttpContext context) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
        };
}
