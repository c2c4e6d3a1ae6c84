using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.Operators;

/// <summary>
/// The headers of every answer at the operators' door, errors included. They allow our own style sheet and forms only, so that a payload that escaped
/// the encoding could still not run a script; no cache and no frame. A page with a policy of its own keeps it.
/// </summary>
public static class OperatorHeaders
{
    private const string Policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The same policy for a page with one script of our own, which may ask this door for the page again.</summary>
    /// <param name="nonce">A random number of this answer; the element of the script has it.</param>
    public static string PolicyWith(string nonce) => $"{Policy}; connect-src 'self'; script-src 'nonce-{nonce}'";

    /// <summary>To be called before everything that may answer.</summary>
    public static void UseOperatorHeaders(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var door = app.Services.GetRequiredService<DoorOfRequest>();
        app.Use(
            (context, next) =>
            {
                // Set when the response starts: an error clears earlier headers, and antiforgery overrides Cache-Control with a warning in the log.
                if (door.IsOperators(context))
                    context.Response.OnStarting(SetAsync, context.Response.Headers);
                return next(context);
            }
        );
    }

    private static Task SetAsync(object state)
    {
        var headers = (IHeaderDictionary)state;
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
