using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Coupon.Hosting.Http;

/// <summary>
/// Serves a page on which a person reads an interface document and tries its requests (Scalar). Its script comes from the package, and nothing of it
/// from another host. The page's Content-Security-Policy lets that script run and no other.
/// </summary>
public static class DocumentPage
{
    private const string Name = "v1";

    // Scalar sets its styles from its script; a style cannot send anything anywhere.
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; "
        + "base-uri 'none'; script-src ";

    /// <summary>The page, by GET <c>{prefix}/v1</c>; <c>{prefix}</c> leads to it.</summary>
    /// <param name="routes">The door.</param>
    /// <param name="document">The path of the document, as <see cref="DocumentEndpoint.MapDocument"/> serves it.</param>
    /// <param name="prefix">The path before the page and its script.</param>
    public static void MapDocumentPage(this IEndpointRouteBuilder routes, string document = DocumentEndpoint.Path, string prefix = "/scalar")
    {
        ArgumentNullException.ThrowIfNull(routes);

        // The package would redirect to a path with a slash at its end, which is no spelling of this service.
        routes
            .MapGet(prefix, (HttpRequest request) => TypedResults.LocalRedirect($"{request.PathBase}{request.Path}/{Name}"))
            .ExcludeFromDescription();
        routes
            .MapScalarApiReference(prefix, options =>
                options
                    .WithOpenApiRoutePattern(document)
                    .WithNonce()
                    .DisableAgent()
                    .DisableTelemetry()
                    .DisableDefaultFonts()
                    .HideClientButton()
                    .HideDeveloperTools()
            )
            .AddEndpointFilter(PermitItsScriptAsync);
    }

    // The nonce is made while the page is, by the package.
    private static async ValueTask<object?> PermitItsScriptAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        if (context.HttpContext.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce)
            context.HttpContext.Response.Headers.ContentSecurityPolicy = $"{Policy}'nonce-{nonce}'";
        return answer;
    }
}
