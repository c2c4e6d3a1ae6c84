using System.Diagnostics;
using Coupon.Api.Issuing.Remembering;
using Coupon.Api.Issuing.Sending;
using Coupon.Hosting.Outages;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>Why a press has no decision that counts.</summary>
internal enum IssueObstacle
{
    /// <summary>Redis does not answer.</summary>
    RedisAway,

    /// <summary>Redis may have lost data and is being verified, or this instance may not issue.</summary>
    NotVerified,
}

/// <summary>The answer to a press: the reply of the script, or of memory in its place; where there is an obstacle, the reply means nothing.</summary>
internal readonly record struct IssueAnswer(IssueReply Reply, IssueObstacle? Obstacle = null);

/// <summary>The main path: has the script decide, sends the message, and waits for Kafka within the bound.</summary>
internal sealed class Issuer(
    PressQueues queues,
    IssuanceSender sender,
    UnconfirmedIssuances unconfirmed,
    SoldOutCache soldOut,
    SeatCache seats,
    IStockFence fence,
    ServerOutages outages,
    IssuingMetrics metrics,
    TimeProvider time
)
{
    private static readonly Task<bool> _confirmed = Task.FromResult(true);

    /// <summary>Decides one press, and where a seat was taken, sends it on its way.</summary>
    public async ValueTask<IssueAnswer> IssueAsync(long couponId, long userId, long? idempotencyKeyHash)
    {
        var began = time.GetTimestamp();

        // Memory holds what was true within one term of the lease: after it, Redis may have lost what memory repeats.
        if (fence.Enter(couponId) is { MayIssue: true } now)
        {
            if (soldOut.Refuses(couponId, userId, now))
                return Answer(new IssueReply(IssueOutcome.SoldOut), began);
            if (seats.TryFind(couponId, userId, now, out var held))
                return Answer(Repeat(held, idempotencyKeyHash), began);
        }

        var queue = queues.Of(couponId);
        IssueReply reply;
        LeaseTerm term;
        var sending = _confirmed;

        // The queue enters the fence after the call has begun. So a verification that closes the fence and then waits for the running calls waits for
        // this one too.
        var call = unconfirmed.BeginCall();
        try
        {
            var trace = IssuingTraces.Source.HasListeners() ? SeatTrace.Of(Activity.Current) : null;
            if (await queue.DecideAsync(new Press(userId, idempotencyKeyHash, trace)) is not { } decision)
                return Unanswered(IssueObstacle.NotVerified, began);
            (reply, term) = decision;
            outages.Redis.Succeeded();
            if (reply.Waiting is { } waiting)
                unconfirmed.AnswerFor(new OutboxEntry(couponId, waiting));
            if (reply.Outcome == IssueOutcome.Issued)
            {
                var seat = new HeldSeat(couponId, reply.Ordinal, userId, reply.TimeMs, idempotencyKeyHash);
                seats.Remember(seat, term);
                sending = sender.SendAsync(new UnconfirmedIssuance(seat, trace, time.GetTimestamp()), term);
            }
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            fence.Doubt(couponId, "Redis does not know the issue script");
            return Unanswered(IssueObstacle.NotVerified, began);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            outages.Redis.Failed(exception);
            return Unanswered(IssueObstacle.RedisAway, began);
        }
        finally
        {
            unconfirmed.EndCall(call);
        }

        if (!await sending)
            metrics.Unconfirmed();

        // Last of all: a process that was frozen meanwhile, or has lost its lease while it waited for Kafka, tells nothing that may be false by now.
        if (reply.Outcome == IssueOutcome.NotVerified)
            fence.DoubtCoupon(couponId);
        if (reply.Outcome == IssueOutcome.NotVerified || !fence.Holds(term))
            return Unanswered(IssueObstacle.NotVerified, began);
        if (reply.Outcome == IssueOutcome.SoldOut)
            soldOut.Learn(queue.Keys, term);
        if (reply.Outcome != IssueOutcome.NotLoaded)
            queues.Keep(queue);
        return Answer(reply, began);
    }

    // The same decision that the script takes of a user who holds a seat.
    private static IssueReply Repeat(in HeldSeat held, long? idempotencyKeyHash)
    {
        var isSameRequest = idempotencyKeyHash is not null && idempotencyKeyHash == held.KeyHash;
        return new IssueReply(isSameRequest ? IssueOutcome.Repeated : IssueOutcome.AlreadyIssued, held.Ordinal, held.IssuedAtMs);
    }

    private IssueAnswer Answer(IssueReply reply, long began)
    {
        metrics.Decided(reply.Outcome, time.GetElapsedTime(began));
        return new IssueAnswer(reply);
    }

    private IssueAnswer Unanswered(IssueObstacle obstacle, long began)
    {
        metrics.Unanswered(time.GetElapsedTime(began));
        return new IssueAnswer(default, obstacle);
    }
}
