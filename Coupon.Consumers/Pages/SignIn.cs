using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Coupon.Consumers.Pages;

/// <summary>Signs an operator in with the key, and out. Wrong keys are limited by address.</summary>
internal static class SignIn
{
    /// <summary>The page to sign in.</summary>
    public const string Path = Console + "/sign-in";

    /// <summary>The parameter of it that names the page to come back to.</summary>
    public const string BackTo = "ReturnUrl";

    private const string Console = "/console";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var signIn = routes.MapGroup("/console").AllowAnonymous().ExcludeFromDescription();
        signIn.MapGet("/sign-in", ([FromQuery(Name = BackTo)] string? returnUrl) => Page(returnUrl, null));
        signIn.MapPost("/sign-in", SignInAsync).Audited("sign-in");

        // Of who is signed in: the token of a form belongs to an operator.
        routes.MapPost("/console/sign-out", SignOutAsync).RequireAuthorization(ConsoleSession.Policy).ExcludeFromDescription().Audited("sign-out");
    }

    private static async Task<IResult> SignInAsync(
        [FromForm] string name,
        [FromForm] string key,
        [FromForm] string? returnUrl,
        HttpContext context,
        KeyGuesses guesses,
        RequestActions actions
    )
    {
        if (!guesses.IsRight(key))
        {
            // No row: a guesser would fill the audit.
            if (await guesses.IsOneTooManyAsync(context))
                return Page(returnUrl, "Too many wrong keys came from this address: wait a minute.", StatusCodes.Status429TooManyRequests);

            // Without the name that was typed: some type the key there.
            await actions.BeginAsync(context, OperatorActionRow.UnknownActor);
            return Page(returnUrl, "This is not the key.");
        }
        if (OperatorName.FaultOf(name) is { } fault)
        {
            await actions.BeginAsync(context, OperatorActionRow.UnknownActor);
            return Page(returnUrl, fault, StatusCodes.Status400BadRequest);
        }
        await actions.BeginAsync(context, name.Trim());
        await ConsoleSession.BeginAsync(context, name.Trim());
        return TypedResults.LocalRedirect(IsOurs(returnUrl) ? returnUrl! : Console);
    }

    private static async Task<RedirectHttpResult> SignOutAsync(IFormCollection form, HttpContext context)
    {
        await ConsoleSession.EndAsync(context);
        return TypedResults.LocalRedirect(Path);
    }

    private static RazorComponentResult<SignInPage> Page(string? returnUrl, string? notice, int status = StatusCodes.Status401Unauthorized) =>
        new(new Dictionary<string, object?> { ["ReturnUrl"] = IsOurs(returnUrl) ? returnUrl : null, ["Notice"] = notice })
        {
            StatusCode = notice is null ? StatusCodes.Status200OK : status,
            PreventStreamingRendering = true,
        };

    // A page of the console, in characters that a header may hold.
    private static bool IsOurs(string? url) =>
        url is not null
        && (url == Console || url.StartsWith(Console + "/", StringComparison.Ordinal) || url.StartsWith(Console + "?", StringComparison.Ordinal))
        && !url.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !url.Contains('\\', StringComparison.Ordinal);
}
