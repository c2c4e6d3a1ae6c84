using Coupon.Consumers.Operators;
using Coupon.Database;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Pages;

/// <summary>In with the operator key, out with a button. Guesses are limited by address.</summary>
internal static class SignIn
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var signIn = routes.MapGroup("/console").AllowAnonymous().ExcludeFromDescription().AddEndpointFilter(ConsoleEndpoints.ProtectAsync);
        signIn.MapGet("/sign-in", ([FromQuery(Name = "ReturnUrl")] string? returnUrl) => Page(returnUrl, null));
        signIn.MapPost("/sign-in", SignInAsync);
        signIn.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> SignInAsync(
        [FromForm] string name,
        [FromForm] string key,
        [FromForm] string? returnUrl,
        HttpContext context,
        IOptions<OperatorOptions> options,
        KeyGuesses guesses
    )
    {
        if (guesses.AreExhausted(context))
            return Page(returnUrl, "Too many wrong keys came from this address: wait a minute.", StatusCodes.Status429TooManyRequests);
        if (!guesses.IsRight(context, key) || string.IsNullOrWhiteSpace(name))
            return Page(returnUrl, "That is not the key, or the name is missing.");
        if (name.Trim().Length > DeadLetterAuditRow.MaxActorLength)
            return Page(returnUrl, OperatorAuthentication.NameTooLong, StatusCodes.Status400BadRequest);
        var user = OperatorAuthentication.Operator(name.Trim(), options.Value, CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, user);
        return TypedResults.LocalRedirect(IsOurs(returnUrl) ? returnUrl! : "/console");
    }

    private static async Task<RedirectHttpResult> SignOutAsync(IFormCollection form, HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.LocalRedirect("/console/sign-in");
    }

    private static RazorComponentResult<SignInPage> Page(string? returnUrl, string? notice, int status = StatusCodes.Status401Unauthorized) =>
        new(new Dictionary<string, object?> { ["ReturnUrl"] = IsOurs(returnUrl) ? returnUrl : null, ["Notice"] = notice })
        {
            StatusCode = notice is null ? StatusCodes.Status200OK : status,
            PreventStreamingRendering = true,
        };

    private static bool IsOurs(string? url) => url is not null && url.StartsWith("/console", StringComparison.Ordinal);
}
