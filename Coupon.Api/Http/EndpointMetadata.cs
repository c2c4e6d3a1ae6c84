using Microsoft.AspNetCore.Http.Metadata;

namespace Coupon.Api.Http;

/// <summary>Tells the API document what an endpoint accepts and how it may refuse.</summary>
internal static class EndpointMetadata
{
    /// <summary>The header by which a press is known again.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    /// <summary>The endpoint reads the header Idempotency-Key.</summary>
    public static TBuilder TakesIdempotencyKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new IdempotencyKeyMetadata());

    /// <summary>
    /// The name of the operation in its document. Not the name of the endpoint, which must be unique in the program: the same operation may stand at
    /// both doors.
    /// </summary>
    public static TBuilder Named<TBuilder>(this TBuilder builder, string name)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OperationMetadata(name));

    /// <summary>The endpoint may refuse in these ways.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, params ProblemKind[] kinds)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in kinds.GroupBy(kind => kind.Status))
            builder.WithMetadata(new RefusalMetadata(status.Key, [.. status]));
        return builder;
    }

    public static bool HasIdempotencyKey(IEnumerable<object> metadata) => metadata.OfType<IdempotencyKeyMetadata>().Any();

    /// <summary>Lists the refusals of an endpoint, and of its group.</summary>
    public static IEnumerable<ProblemKind> RefusalsOf(IEnumerable<object> metadata) =>
        metadata.OfType<RefusalMetadata>().SelectMany(response => response.Kinds);

    public static string? NameOf(IEnumerable<object> metadata) => metadata.OfType<OperationMetadata>().LastOrDefault()?.Name;

    private sealed record OperationMetadata(string Name);

    private sealed class IdempotencyKeyMetadata;

    private sealed record RefusalMetadata(int StatusCode, ProblemKind[] Kinds) : IProducesResponseTypeMetadata
    {
        public Type? Type => typeof(Problem);

        public IEnumerable<string> ContentTypes => ["application/problem+json"];
    }
}
