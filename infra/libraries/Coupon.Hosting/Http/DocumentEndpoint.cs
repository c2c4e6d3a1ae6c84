using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Coupon.Hosting.Http;

/// <summary>
/// Serves the interface document of a program, which is the same as long as the process lives. It is made at the first request, and its bytes are
/// kept: making it takes tens of milliseconds of a processor, too much for every request.
/// </summary>
public static class DocumentEndpoint
{
    /// <summary>The name of a document that is the only one of its program, or the one for everybody.</summary>
    public const string Public = "v1";

    /// <summary>Where a document is served.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>The document that <c>AddOpenApi</c> describes under a name, by GET, with an ETag.</summary>
    public static void MapDocument(this IEndpointRouteBuilder routes, string name = Public, string path = Path)
    {
        Document? made = null;
        routes.MapGet(path, ServeAsync).ExcludeFromDescription();

        async Task ServeAsync(HttpContext context)
        {
            var document = made ??= await MakeAsync(name, context.RequestServices, context.RequestAborted);
            var response = context.Response;
            response.Headers.ETag = document.Tag;
            response.Headers.CacheControl = "no-cache";
            if (context.Request.Headers[HeaderNames.IfNoneMatch] == document.Tag)
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = document.Bytes.Length;
            await response.Body.WriteAsync(document.Bytes, context.RequestAborted);
        }
    }

    private static async Task<Document> MakeAsync(string name, IServiceProvider services, CancellationToken cancellationToken)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync(cancellationToken);
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        var bytes = stream.ToArray();
        return new Document(bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
    }

    private sealed record Document(byte[] Bytes, string Tag);
}
