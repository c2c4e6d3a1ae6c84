using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Coupon.Api.Http;
using Coupon.Api.Limits;
using Coupon.Api.Users;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>A press of the button.</summary>
public sealed class IssueRequest
{
    /// <summary>The user: a positive 64-bit number. Required where neither a token nor a proxy says who the user is.</summary>
    [Range(1, long.MaxValue)]
    public long? UserId { get; init; }
}

/// <summary>
/// The endpoint behind the button. Its services are given to it once: a scope of services for each request would cost about a microsecond.
/// </summary>
internal sealed class PressEndpoint(UserIdentity users, PressLimits limits, Issuer issuer, MissingCoupons missingCoupons)
{
    private static readonly JsonTypeInfo<IssueRequest> _body = RequestBody.Strict<IssueRequest>(IssuanceJson.Default);
    private static readonly Refusal _invalidKey = new(ProblemKinds.InvalidIdempotencyKey);
    private static readonly Refusal _userIdMissing = RequestFaults.Refuse("userId", "is required");
    private static readonly Refusal _userIdNotPositive = RequestFaults.Refuse("userId", "must be positive");
    private static readonly Refusal _otherUser = new(ProblemKinds.OtherUser);

    public void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/coupons/{couponId:long}/issuances", PressAsync)
            .Named("issueCoupon")
            .WithTags("Issuances")
            .WithSummary("Press the button: ask for one of this coupon")
            .WithDescription(
                "First come, first served, one per user. 202: the seat is yours, whatever happens next; Location says when it is in the database. "
                    + "Send the same request again when no answer comes: nobody gets two."
            )
            .Accepts<IssueRequest>(isOptional: true, "application/json")
            .TakesIdempotencyKey()
            .Refuses(
                ProblemKinds.InvalidJson,
                ProblemKinds.InvalidRequest,
                ProblemKinds.InvalidIdempotencyKey,
                ProblemKinds.Unauthenticated,
                ProblemKinds.OtherUser,
                ProblemKinds.TooManyRequests,
                ProblemKinds.UnknownCoupon,
                ProblemKinds.AlreadyIssued,
                ProblemKinds.SoldOut,
                ProblemKinds.NotOpenYet,
                ProblemKinds.Closed,
                ProblemKinds.BodyTooLarge,
                ProblemKinds.UnsupportedMediaType,
                ProblemKinds.Busy,
                ProblemKinds.OutboxFull,
                ProblemKinds.StockUnavailable,
                ProblemKinds.StockUnverified
            );

    private async Task<Results<IssuanceAccepted, Refusal>> PressAsync(long couponId, HttpContext context)
    {
        if (!IdempotencyKey.TryHash(context.Request.Headers[EndpointMetadata.IdempotencyKeyHeader], out var keyHash))
            return _invalidKey;
        var user = await users.FindAsync(context);
        if (user.Refusal is { } unknown)
            return unknown;
        var named = await NamedAsync(context, user.Id);
        if (named.Refusal is { } invalid)
            return invalid;
        var userId = named.Id!.Value;
        if (limits.Enter(userId) is { } tooMany)
            return tooMany;
        try
        {
            var answer = await issuer.IssueAsync(couponId, userId, keyHash);
            if (answer.Obstacle is { } obstacle)
                return PressRefusals.Of(obstacle);
            var reply = answer.Reply;
            if (reply.Outcome == IssueOutcome.NotLoaded)
                reply = await missingCoupons.DecideAsync(couponId, userId, keyHash, context.RequestAborted);
            return reply.Outcome is IssueOutcome.Issued or IssueOutcome.Repeated
                ? new IssuanceAccepted(couponId, userId, reply)
                : PressRefusals.Of(couponId, reply);
        }
        finally
        {
            limits.Leave();
        }
    }

    /// <summary>The user that the body names. Where the request has said it already, the body may be left out, and must not name another.</summary>
    private static async ValueTask<RequestUser> NamedAsync(HttpContext context, long? known)
    {
        if (known is not null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return new RequestUser(known);
        var read = await RequestBody.ReadAsync(context.Request, _body);
        if (!read.TryGet(out var body, out var unreadable))
            return new RequestUser(null, unreadable);
        return body.UserId switch
        {
            null => new RequestUser(known, known is null ? _userIdMissing : null),
            <= 0 => new RequestUser(null, _userIdNotPositive),
            { } named when known is null || named == known => new RequestUser(named),
            _ => new RequestUser(null, _otherUser),
        };
    }
}

/// <summary>The bodies of a press and of its answer.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IssueRequest))]
[JsonSerializable(typeof(IssuanceResponse))]
internal sealed partial class IssuanceJson : JsonSerializerContext;
