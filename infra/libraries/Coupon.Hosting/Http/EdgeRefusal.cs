using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Http;

/// <summary>
/// Why a request was refused before the endpoints: a feature of the request, beside the status that is set already. The program answers with a body
/// in its own form.
/// </summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">The fault of this request; null: the code is enough.</param>
public sealed record EdgeRefusal(int Status, string Code, string? Detail = null)
{
    /// <summary>The path is not spelled as the service spells it.</summary>
    public const string NotFound = "not-found";

    /// <summary>The request is for a host that the service does not answer for.</summary>
    public const string UnknownHost = "unknown-host";

    /// <summary>A page of another site has made a browser send this.</summary>
    public const string CrossSite = "cross-site";

    /// <summary>The body is encoded.</summary>
    public const string UnsupportedContentEncoding = "unsupported-content-encoding";

    /// <summary>The media type of the body is not JSON.</summary>
    public const string UnsupportedMediaType = "unsupported-media-type";

    /// <summary>A value of the request cannot be taken.</summary>
    public const string InvalidRequest = "invalid-request";

    internal Task ApplyAsync(HttpContext context)
    {
        context.Features.Set(this);
        context.Response.StatusCode = Status;
        return Task.CompletedTask;
    }
}
