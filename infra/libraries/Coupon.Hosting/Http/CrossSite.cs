using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Http;

/// <summary>
/// Recognises requests that a page of another site makes a browser send. Browsers say where a request comes from (Fetch Metadata, and Origin, which
/// older ones send too); programs send neither.
/// </summary>
public static class CrossSite
{
    /// <summary>Whether the request changes something and a page of another site has sent it.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        return request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            // The browser has compared the sites, also where a proxy has changed the host of the request since.
            "same-origin" => false,
            "" or "none" => !IsOwn(request.Headers.Origin.ToString(), request),
            _ => true,
        };
    }

    // The host alone: behind a proxy that ends TLS, the scheme differs.
    private static bool IsOwn(string origin, HttpRequest request) =>
        origin.Length == 0
        || (
            Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && string.Equals(from.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && (request.Host.Port is not { } port || from.Port == port)
        );
}
