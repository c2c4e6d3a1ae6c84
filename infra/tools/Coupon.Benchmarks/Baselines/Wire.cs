using System.Text.Json.Serialization;

namespace Coupon.Benchmarks.Baselines;

/// <summary>The body of a press, as Coupon.Api takes it.</summary>
internal sealed record IssuanceRequest(long UserId);

/// <summary>The answer of a 202, with the members of Coupon.Api's.</summary>
internal sealed record IssuanceResponse(
    string IssuanceId,
    long CouponId,
    long Ordinal,
    long UserId,
    DateTimeOffset IssuedAt,
    string Status = "pending"
);

/// <summary>How a sale begins.</summary>
internal sealed record NewSale(long TotalQuantity);

/// <summary>The coupon that was made for it.</summary>
internal sealed record CreatedSale(long Id);

/// <summary>The reason why a user gets no seat, or not another one.</summary>
internal sealed record SaleRefusal(string Code, long Ordinal);

/// <summary>The members of Coupon.Api's "sold out".</summary>
internal sealed record SoldOutProblem(string Type, string Title, int Status, string Code);

/// <summary>What the load scenarios look at in a balance.</summary>
internal sealed record SaleBalance(
    long Total,
    long Remaining,
    long Outbox,
    long InKafka,
    long Persisted,
    long OpenDeadLetters,
    long Voided,
    long MissingCount,
    long AheadOfRedis,
    bool AddsUp
);

/// <summary>The 202 of every baseline.</summary>
internal static class Accepted
{
    public static IResult Answer(long couponId, long userId, long ordinal, DateTimeOffset issuedAt) =>
        Results.Accepted(
            $"/coupons/{couponId}/issuances/{userId}",
            new IssuanceResponse($"{couponId}-{ordinal}", couponId, ordinal, userId, issuedAt)
        );
}

/// <summary>Source-generated, as in Coupon.Api: a baseline must not be slower than it could be.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IssuanceRequest))]
[JsonSerializable(typeof(IssuanceResponse))]
[JsonSerializable(typeof(NewSale))]
[JsonSerializable(typeof(CreatedSale))]
[JsonSerializable(typeof(SaleRefusal))]
[JsonSerializable(typeof(SoldOutProblem))]
[JsonSerializable(typeof(SaleBalance))]
[JsonSerializable(typeof(Contracts.CouponIssued))]
internal sealed partial class WireJson : JsonSerializerContext;
