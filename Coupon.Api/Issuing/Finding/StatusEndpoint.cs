using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Api.Coupons;
using Coupon.Api.Http;
using Coupon.Api.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Issuing.Finding;

/// <summary>The endpoint that says what became of an issuance.</summary>
internal static class StatusEndpoint
{
    private const string Path = "/coupons/{couponId:long}/issuances/{userId:long}";

    /// <summary>For the user, and nobody else.</summary>
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, FindOwnAsync).Describe().Refuses(ProblemKinds.Unauthenticated, ProblemKinds.OtherUser, ProblemKinds.TooManyRequests);

    /// <summary>For operators, who may see any user's.</summary>
    public static void MapAnyStatus(this IEndpointRouteBuilder routes) => routes.MapGet(Path, FindAsync).Describe();

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder route) =>
        route
            .Named("getIssuance")
            .WithTags("Issuances")
            .WithSummary("What became of a user's issuance")
            .WithDescription(
                "pending: accepted and on its way. issued: the row is in the database. failed: it could not be written, and an operator sees it."
            )
            .OfKnownCoupons()
            .Refuses(ProblemKinds.NotIssued, ProblemKinds.StockUnavailable, ProblemKinds.StockUnverified, ProblemKinds.DatabaseUnavailable);

    private static async Task<Results<Ok<IssuanceStatusResponse>, Refusal>> FindOwnAsync(
        long couponId,
        long userId,
        HttpContext context,
        UserIdentity users,
        IssuanceFinder finder,
        CancellationToken cancellationToken
    ) => await users.RefusesAsync(context, userId) is { } refusal ? refusal : await FindAsync(couponId, userId, finder, cancellationToken);

    private static async Task<Results<Ok<IssuanceStatusResponse>, Refusal>> FindAsync(
        long couponId,
        long userId,
        IssuanceFinder finder,
        CancellationToken cancellationToken
    )
    {
        var finding = await finder.FindAsync(couponId, userId, cancellationToken);
        return finding.None switch
        {
            null => TypedResults.Ok(finding.Status!),
            NoIssuance.UnknownCoupon => new Refusal(ProblemKinds.UnknownCoupon),
            NoIssuance.Discarded => new Refusal(ProblemKinds.NotIssued, "The issuance was discarded by an operator."),
            NoIssuance.NotVerified => new Refusal(ProblemKinds.StockUnverified),
            _ => new Refusal(ProblemKinds.NotIssued),
        };
    }
}

/// <summary>The body of a status.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IssuanceStatusResponse))]
internal sealed partial class StatusJson : JsonSerializerContext;
