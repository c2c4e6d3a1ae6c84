using Coupon.Hosting.Configuration;
using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;
using Microsoft.Net.Http.Headers;

namespace Coupon.Api.Http;

/// <summary>
/// Which pages of other sites may use the public door. The operators' door has no CORS: no page of another site has any business there.
/// </summary>
internal sealed class Origins(OriginOptions options, DoorOfRequest door)
{
    // How long a browser need not ask again before a press.
    private static readonly TimeSpan _maxAge = TimeSpan.FromMinutes(10);

    private readonly HashSet<string> _listed = [.. options.ToList()];

    /// <summary>
    /// Whether the request comes from such a page. Where any site may, only what a browser must ask for first: JSON. It asks in vain where it would
    /// send credentials along; without the question a page could make it send a press without a body in the name of the user whose cookie it has.
    /// </summary>
    public bool Include(HttpRequest request) =>
        IsPublic(request.HttpContext)
        && (_listed.Contains(request.Headers.Origin.ToString()) || (_listed.Contains(OriginOptions.Any) && request.HasJsonContentType()));

    /// <summary>Has the framework answer the questions of browsers, and tell them what a page may read.</summary>
    public void Use(WebApplication app)
    {
        if (_listed.Count == 0)
            return;
        app.UseWhen(IsPublic, publicDoor => publicDoor.UseCors(policy =>
            {
                // Of "*" the framework makes any origin.
                policy
                    .WithOrigins([.. _listed])
                    .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post)
                    .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, EndpointMetadata.IdempotencyKeyHeader)
                    .WithExposedHeaders(HeaderNames.Location, HeaderNames.RetryAfter)
                    .SetPreflightMaxAge(_maxAge);
                if (options.Credentials)
                    policy.AllowCredentials();
            }));
    }

    private bool IsPublic(HttpContext context) => !door.IsOperators(context);
}

internal static class OriginServices
{
    /// <summary>Adds <see cref="OriginOptions"/> and what they ask for.</summary>
    public static IServiceCollection AddOrigins(this IServiceCollection services)
    {
        services.AddValidated<OriginOptions>(OriginOptions.Section);
        return services.AddSingleton<Origins>().AddCors();
    }

    /// <summary>Answers the questions of browsers, and refuses pages that are not listed, with all else that no endpoint should see.</summary>
    public static void UseEdgeWithOrigins(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<Origins>();
        origins.Use(app);
        app.UseEdge(mayBeForeign: origins.Include);
    }
}
