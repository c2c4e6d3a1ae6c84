using Microsoft.AspNetCore.Http.Metadata;

namespace Coupon.Api.Problems;

/// <summary>Tells the API document how an endpoint may refuse.</summary>
internal static class RefusalMetadata
{
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, params ProblemKind[] kinds)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in kinds.GroupBy(kind => kind.Status))
        {
            builder.WithMetadata(new Response(status.Key, [.. status]));
        }

        return builder;
    }

    /// <summary>Says how an endpoint refuses with one status, of all that was noted of it and of its group.</summary>
    public static string Describe(IEnumerable<object> metadata, int status) =>
        string.Join(
            " · ",
            metadata
                .OfType<Response>()
                .Where(response => response.StatusCode == status)
                .SelectMany(response => response.Kinds)
                .Select(kind => $"`{kind.Code}` {kind.Title}")
        );

    private sealed record Response(int StatusCode, ProblemKind[] Kinds) : IProducesResponseTypeMetadata
    {
        public Type? Type => typeof(Problem);

        public IEnumerable<string> ContentTypes => ["application/problem+json"];
    }
}
