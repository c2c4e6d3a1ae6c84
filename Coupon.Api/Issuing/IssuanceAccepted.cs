using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Coupon.Api.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Coupon.Api.Issuing;

/// <summary>202: the seat is taken for good, and Location leads to what becomes of it.</summary>
internal sealed class IssuanceAccepted(long couponId, long userId, IssueReply reply) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status202Accepted;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(IssuanceResponse), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new IssuanceResponse(
            IssuanceId.Of(couponId, reply.Ordinal),
            couponId,
            reply.Ordinal,
            userId,
            DateTimeOffset.FromUnixTimeMilliseconds(reply.TimeMs),
            IssuanceStatus.Pending
        );
        httpContext.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/coupons/{couponId}/issuances/{userId}");
        return JsonResponse.WriteAsync(
            httpContext.Response,
            StatusCodes.Status202Accepted,
            JsonResponse.Json,
            JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Default.IssuanceResponse)
        );
    }
}
