using System.Text.Encodings.Web;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Pages;

/// <summary>Knows an operator by the cookie of a session. Who has none is sent to the page to sign in.</summary>
internal sealed class ConsoleSessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ConsoleSessions sessions,
    OperatorOptions options
) : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[ConsoleSession.Cookie] is not { Length: > 0 } token)
            return AuthenticateResult.NoResult();
        return await sessions.FindAsync(token, Context.RequestAborted) is { } actor
            ? AuthenticateResult.Success(new AuthenticationTicket(OperatorAuthentication.Operator(actor, options, Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("The session has ended.");
    }

    // A redirect by path alone: the framework would put the host of the request in front, which anybody may have written.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // A form cannot be sent again by a redirect.
        var back = HttpMethods.IsGet(Request.Method) ? Request.PathBase + Request.Path + Request.QueryString : "/console";
        Response.Redirect(SignIn.Path + QueryString.Create(SignIn.BackTo, back));
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => HandleChallengeAsync(properties);
}
