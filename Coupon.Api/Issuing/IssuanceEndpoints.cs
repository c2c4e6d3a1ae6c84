using Coupon.Api.Coupons;
using Coupon.Api.Http;
using Coupon.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Issuing;

/// <summary>The button, and the question what became of it.</summary>
internal static class IssuanceEndpoints
{
    private static readonly Refusal _invalidKey = new(ProblemKinds.InvalidIdempotencyKey);
    private static readonly Refusal _userIdMissing = InvalidRequest.Because("userId", "is required");
    private static readonly Refusal _userIdNotPositive = InvalidRequest.Because("userId", "must be positive");

    public static void MapIssuances(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/coupons/{couponId:long}/issuances", IssueAsync)
            .WithName("issueCoupon")
            .WithTags("Issuances")
            .WithSummary("Press the button: ask for one of this coupon")
            .WithDescription(
                "First come, first served, one per user. 202: the seat is yours, whatever happens next; Location says when it is in the database. "
                    + "Send the same request again when no answer comes: nobody gets two."
            )
            .Accepts<IssueRequest>("application/json")
            .TakesIdempotencyKey()
            .Refuses(
                ProblemKinds.InvalidJson,
                ProblemKinds.InvalidRequest,
                ProblemKinds.InvalidIdempotencyKey,
                ProblemKinds.UnknownCoupon,
                ProblemKinds.AlreadyIssued,
                ProblemKinds.SoldOut,
                ProblemKinds.NotOpenYet,
                ProblemKinds.Closed,
                ProblemKinds.BodyTooLarge,
                ProblemKinds.UnsupportedMediaType,
                ProblemKinds.OutboxFull,
                ProblemKinds.StockUnavailable,
                ProblemKinds.StockUnverified
            );

        routes
            .MapGet("/coupons/{couponId:long}/issuances/{userId:long}", FindAsync)
            .WithName("getIssuance")
            .WithTags("Issuances")
            .WithSummary("What became of a user's issuance")
            .WithDescription(
                "pending: accepted and on its way. issued: the row is in the database. failed: it could not be written, and an operator sees it."
            )
            .Refuses(
                ProblemKinds.UnknownCoupon,
                ProblemKinds.NotIssued,
                ProblemKinds.StockUnavailable,
                ProblemKinds.StockUnverified,
                ProblemKinds.DatabaseUnavailable
            );
    }

    private static async Task<Results<IssuanceAccepted, Refusal>> IssueAsync(
        long couponId,
        HttpRequest request,
        Issuer issuer,
        MissingCoupons missingCoupons
    )
    {
        if (!IdempotencyKey.TryHash(request.Headers[IdempotencyKey.HeaderName], out var keyHash))
            return _invalidKey;
        var read = await RequestBody.ReadAsync(request, ApiJson.Default.IssueRequest);
        if (!read.TryGet(out var body, out var unreadable))
            return unreadable;
        if (body.UserId is not { } userId)
            return _userIdMissing;
        if (userId <= 0)
            return _userIdNotPositive;

        var answer = await issuer.IssueAsync(couponId, userId, keyHash);
        if (answer.Why != Unanswerable.No)
            return IssueRefusals.Of(answer.Why);
        return answer.Reply.Outcome switch
        {
            IssueOutcome.Issued or IssueOutcome.Repeated => new IssuanceAccepted(couponId, userId, answer.Reply),
            IssueOutcome.NotLoaded => await missingCoupons.ExplainAsync(couponId, userId, keyHash, request.HttpContext.RequestAborted),
            _ => IssueRefusals.Of(couponId, answer.Reply),
        };
    }

    private static async Task<Results<Ok<IssuanceStatusResponse>, Refusal>> FindAsync(
        long couponId,
        long userId,
        IssuanceFinder finder,
        CancellationToken cancellationToken
    ) => await finder.FindAsync(couponId, userId, cancellationToken) is var (found, refusal) && found is not null ? TypedResults.Ok(found) : refusal!;
}
