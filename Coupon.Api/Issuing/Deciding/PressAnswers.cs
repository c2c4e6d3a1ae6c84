using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Api.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>A taken seat. The body is the same for the same issuance, however often it is asked for with the same Idempotency-Key.</summary>
/// <param name="IssuanceId">Coupon and ordinal, <c>17-532</c>: the id of this issuance for ever.</param>
/// <param name="CouponId">The coupon.</param>
/// <param name="Ordinal">The place in the queue, from 1: "you are number 532".</param>
/// <param name="UserId">The user who holds it.</param>
/// <param name="IssuedAt">When it was decided, by the clock of the stock.</param>
/// <param name="Status">Always <c>pending</c> here: accepted for good, and on its way to the database. Location says when it is there.</param>
public sealed record IssuanceResponse(string IssuanceId, long CouponId, long Ordinal, long UserId, DateTimeOffset IssuedAt, IssuanceStatus Status);

/// <summary>Where an issuance stands. Written in lower case.</summary>
public enum IssuanceStatus
{
    /// <summary>Accepted, and on its way to the database.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The row is in the database.</summary>
    [JsonStringEnumMemberName("issued")]
    Issued,

    /// <summary>The row could not be written: an open dead letter, which an operator sees. The seat stays taken.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>202: the seat is taken for good, and Location is the address of its status.</summary>
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
            JsonSerializer.SerializeToUtf8Bytes(body, IssuanceJson.Default.IssuanceResponse)
        );
    }
}

/// <summary>The decisions that give no seat, as problems.</summary>
internal static class PressRefusals
{
    private static readonly Refusal _unknown = new(ProblemKinds.UnknownCoupon);
    private static readonly Refusal _soldOut = new(ProblemKinds.SoldOut);
    private static readonly Refusal _closed = new(ProblemKinds.Closed);
    private static readonly Refusal _outboxFull = new(ProblemKinds.OutboxFull);
    private static readonly Refusal _unavailable = new(ProblemKinds.StockUnavailable);
    private static readonly Refusal _unverified = new(ProblemKinds.StockUnverified);

    public static Refusal Of(IssueObstacle obstacle) => obstacle == IssueObstacle.RedisAway ? _unavailable : _unverified;

    public static Refusal Of(long couponId, IssueReply reply) =>
        reply.Outcome switch
        {
            IssueOutcome.NotLoaded => _unknown,
            IssueOutcome.NotVerified => _unverified,
            IssueOutcome.SoldOut => _soldOut,
            IssueOutcome.Closed => _closed,
            IssueOutcome.OutboxFull => _outboxFull,
            IssueOutcome.NotOpenYet => new Refusal(
                Problem.Of(ProblemKinds.NotOpenYet) with
                {
                    OpensAt = DateTimeOffset.FromUnixTimeMilliseconds(reply.TimeMs),
                }
            ),
            IssueOutcome.AlreadyIssued => new Refusal(
                Problem.Of(ProblemKinds.AlreadyIssued) with
                {
                    IssuanceId = IssuanceId.Of(couponId, reply.Ordinal),
                    Ordinal = reply.Ordinal,
                    IssuedAt = DateTimeOffset.FromUnixTimeMilliseconds(reply.TimeMs),
                }
            ),
            _ => throw new UnreachableException($"{reply.Outcome} is not a refusal."),
        };
}
