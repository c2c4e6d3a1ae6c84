using Coupon.Hosting.Outages;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>The main path: ask the script, send the message, wait for Kafka no longer than the bound.</summary>
internal sealed class Issuer(
    PressQueues queues,
    IssuanceSender sender,
    UnconfirmedIssuances unconfirmed,
    SoldOutMemory soldOut,
    SeatMemory seats,
    IStockFence fence,
    ServerOutages outages,
    FaultPoints faults,
    ApiMetrics metrics,
    TimeProvider time
)
{
    private static readonly Task<bool> _confirmed = Task.FromResult(true);

    /// <summary>Decides, and where a seat was taken, sends it on its way.</summary>
    public async ValueTask<IssueAnswer> IssueAsync(long couponId, long userId, long? idempotencyKeyHash)
    {
        // What is remembered was true of a Redis that may have forgotten it since: it counts for the term of the lease in which it was learnt.
        if (fence.Enter() is { IsOpen: true } now)
        {
            if (soldOut.Refuses(couponId, userId, now))
                return Count(couponId, new IssueReply(IssueOutcome.SoldOut));
            if (seats.TryRepeat(couponId, userId, idempotencyKeyHash, now, out var repeated))
                return Count(couponId, repeated);
        }

        var queue = queues.Of(couponId);
        IssueReply reply;
        LeaseTerm term;
        var sending = _confirmed;
        var call = unconfirmed.BeginCall();
        try
        {
            // The queue looks at the fence, after the call has begun: who closes it and then waits for the calls under way waits for this one too.
            if (await queue.DecideAsync(new Press(userId, idempotencyKeyHash)) is not { } decided)
                return Unanswered(couponId, Unanswerable.Unverified);
            (reply, term) = (decided.Reply, decided.Term);
            outages.Redis.Succeeded();
            if (reply.Waiting is { } waiting)
                unconfirmed.AnswerFor(queue.Keys, reply.Ordinal, userId, waiting);
            if (reply.Outcome == IssueOutcome.Issued)
            {
                seats.Remember(couponId, userId, reply, idempotencyKeyHash, term);
                faults.Reach(FaultPoint.BetweenScriptAndProduce);
                sending = sender.SendAsync(
                    new PendingIssuance(queue.Keys, reply.Ordinal, userId, reply.TimeMs, idempotencyKeyHash, time.GetTimestamp()),
                    term
                );
            }
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            fence.Doubt("Redis does not know the issue script");
            return Unanswered(couponId, Unanswerable.Unverified);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            outages.Redis.Failed(exception);
            return Unanswered(couponId, Unanswerable.Unavailable);
        }
        finally
        {
            unconfirmed.EndCall(call);
        }

        if (!await sending && !CouponKeys.IsRehearsal(couponId))
            metrics.Unconfirmed();

        // Last of all: a process that was frozen in between, or has lost its lease while Kafka was waited for, says nothing that may not be true any
        // more.
        if (reply.Outcome == IssueOutcome.NotVerified)
            fence.DoubtCoupon(couponId);
        if (reply.Outcome == IssueOutcome.NotVerified || !fence.Holds(term))
            return Unanswered(couponId, Unanswerable.Unverified);
        if (reply.Outcome == IssueOutcome.SoldOut)
            soldOut.Learn(queue.Keys, term);
        if (reply.Outcome != IssueOutcome.NotLoaded)
            queues.Keep(queue);
        return Count(couponId, reply);
    }

    private IssueAnswer Count(long couponId, IssueReply reply)
    {
        if (!CouponKeys.IsRehearsal(couponId))
            metrics.Decided(reply.Outcome);
        return new IssueAnswer(reply);
    }

    private IssueAnswer Unanswered(long couponId, Unanswerable why)
    {
        if (!CouponKeys.IsRehearsal(couponId))
            metrics.Unanswered();
        return new IssueAnswer(default, why);
    }
}
