using Microsoft.AspNetCore.Http.Metadata;

namespace Coupon.Api.Problems;

/// <summary>Tells the API document how an endpoint may refuse.</summary>
internal static class RefusalMetadata
{
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, params ProblemKind[] kinds) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in kinds.GroupBy(kind => kind.Status))
        {
            builder.WithMetadata(new Response(status.Key, string.Join(" · ", status.Select(kind => $"`{kind.Code}` {kind.Title}"))));
        }

        return builder;
    }

    private sealed record Response(int StatusCode, string? Description) : IProducesResponseTypeMetadata
    {
        public Type? Type => typeof(Problem);

        public IEnumerable<string> ContentTypes => ["application/problem+json"];
    }
}
