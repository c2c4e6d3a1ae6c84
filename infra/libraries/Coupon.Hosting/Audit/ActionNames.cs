using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Coupon.Hosting.Audit;

/// <summary>What the audit calls the action of an endpoint.</summary>
public static class ActionNames
{
    /// <summary>Gives the action of an endpoint a word.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder builder, string action)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Name(action));

    /// <summary>The word of an endpoint; null: it was given none.</summary>
    public static string? Of(Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Metadata.GetMetadata<Name>()?.Action;
    }

    // Without a word: the method and the pattern of the path, which no request can change.
    internal static string Of(HttpContext context) =>
        context.GetEndpoint() is not { } endpoint ? context.Request.Method
        : Of(endpoint) is { } name ? name
        : $"{context.Request.Method} {(endpoint as RouteEndpoint)?.RoutePattern.RawText}";

    private sealed record Name(string Action);
}
