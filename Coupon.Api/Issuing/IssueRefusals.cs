using System.Diagnostics;
using Coupon.Api.Problems;

namespace Coupon.Api.Issuing;

/// <summary>Every no of the script as a problem.</summary>
internal static class IssueRefusals
{
    private static readonly Refusal SoldOut = new(ProblemKinds.SoldOut);
    private static readonly Refusal Closed = new(ProblemKinds.Closed);
    private static readonly Refusal OutboxFull = new(ProblemKinds.OutboxFull);
    private static readonly Refusal Unavailable = new(ProblemKinds.StockUnavailable);
    private static readonly Refusal Unverified = new(ProblemKinds.StockUnverified);

    public static Refusal Of(Unanswerable why) => why == Unanswerable.Unavailable ? Unavailable : Unverified;

    public static Refusal Of(long couponId, IssueReply reply) => reply.Outcome switch
    {
        IssueOutcome.AlreadyIssued => AlreadyIssued(couponId, reply.Ordinal, DateTimeOffset.FromUnixTimeMilliseconds(reply.TimeMs)),
        IssueOutcome.SoldOut => SoldOut,
        IssueOutcome.Closed => Closed,
        IssueOutcome.OutboxFull => OutboxFull,
        IssueOutcome.NotOpenYet => new Refusal(
            Problem.Of(ProblemKinds.NotOpenYet) with { OpensAt = DateTimeOffset.FromUnixTimeMilliseconds(reply.TimeMs) }),
        _ => throw new UnreachableException($"{reply.Outcome} is not a refusal."),
    };

    public static Refusal AlreadyIssued(long couponId, long ordinal, DateTimeOffset issuedAt) =>
        new(Problem.Of(ProblemKinds.AlreadyIssued) with { IssuanceId = IssuanceId.Of(couponId, ordinal), Ordinal = ordinal, IssuedAt = issuedAt });
}
