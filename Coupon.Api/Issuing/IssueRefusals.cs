using System.Diagnostics;
using Coupon.Api.Problems;

namespace Coupon.Api.Issuing;

/// <summary>Every no of the script as a problem.</summary>
internal static class IssueRefusals
{
    private static readonly Refusal _soldOut = new(ProblemKinds.SoldOut);
    private static readonly Refusal _closed = new(ProblemKinds.Closed);
    private static readonly Refusal _outboxFull = new(ProblemKinds.OutboxFull);
    private static readonly Refusal _unavailable = new(ProblemKinds.StockUnavailable);
    private static readonly Refusal _unverified = new(ProblemKinds.StockUnverified);

    public static Refusal Of(Unanswerable why) => why == Unanswerable.Unavailable ? _unavailable : _unverified;

    public static Refusal Of(long couponId, IssueReply reply) =>
        reply.Outcome switch
        {
            IssueOutcome.AlreadyIssued => AlreadyIssued(couponId, reply.Ordinal, DateTimeOffset.FromUnixTimeMilliseconds(reply.TimeMs)),
            IssueOutcome.SoldOut => _soldOut,
            IssueOutcome.Closed => _closed,
            IssueOutcome.OutboxFull => _outboxFull,
            IssueOutcome.NotOpenYet => new Refusal(
                Problem.Of(ProblemKinds.NotOpenYet) with
                {
                    OpensAt = DateTimeOffset.FromUnixTimeMilliseconds(reply.TimeMs),
                }
            ),
            _ => throw new UnreachableException($"{reply.Outcome} is not a refusal."),
        };

    public static Refusal AlreadyIssued(long couponId, long ordinal, DateTimeOffset issuedAt) =>
        new(Problem.Of(ProblemKinds.AlreadyIssued) with { IssuanceId = IssuanceId.Of(couponId, ordinal), Ordinal = ordinal, IssuedAt = issuedAt });
}
