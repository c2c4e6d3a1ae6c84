namespace Coupon.Api.Http;

/// <summary>Tells the API document that an endpoint takes the header Idempotency-Key.</summary>
internal sealed class IdempotencyKeyMetadata;

internal static class IdempotencyKeyMetadataExtensions
{
    public static TBuilder TakesIdempotencyKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new IdempotencyKeyMetadata());
}
