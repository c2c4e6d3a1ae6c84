using System.Text.Json.Serialization;

namespace Coupon.Benchmarks.Baselines;

/// <summary>What clients send: the same as to Coupon.Api.</summary>
internal sealed record IssuanceRequest(long UserId);

/// <summary>What a client that got a seat is told.</summary>
internal sealed record IssuanceResponse(string Id, long CouponId, long Ordinal, long UserId);

/// <summary>The 202 of every baseline.</summary>
internal static class Accepted
{
    public static IResult Answer(long couponId, long userId, long ordinal) =>
        Results.Accepted($"/coupons/{couponId}/issuances/{userId}", new IssuanceResponse($"{couponId}-{ordinal}", couponId, ordinal, userId));
}

/// <summary>Source-generated, as in Coupon.Api: a baseline that is slow on purpose is none.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IssuanceRequest))]
[JsonSerializable(typeof(IssuanceResponse))]
[JsonSerializable(typeof(Contracts.CouponIssued))]
internal sealed partial class WireJson : JsonSerializerContext;
