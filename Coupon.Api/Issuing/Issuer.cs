using Coupon.Hosting.Outages;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>The main path: ask the script, send the message, wait for Kafka no longer than the bound.</summary>
internal sealed class Issuer(
    PressQueues queues, IssuanceSender sender, UnconfirmedIssuances unconfirmed, SoldOutMemory soldOut, SeatMemory seats, IStockFence fence, ServerOutages outages, FaultPoints faults,
    ApiMetrics metrics, TimeProvider time)
{
    private static readonly Task<bool> Confirmed = Task.FromResult(true);

    /// <summary>Decides, and where a seat was taken, sends it on its way.</summary>
    public async ValueTask<IssueAnswer> IssueAsync(long couponId, long userId, long? idempotencyKeyHash)
    {
        // What is remembered was true of a Redis that may have forgotten it since.
        if (fence.IsOpen)
        {
            if (soldOut.Refuses(couponId, userId)) return Count(couponId, new IssueReply(IssueOutcome.SoldOut));
            if (seats.TryRepeat(couponId, userId, idempotencyKeyHash, out var repeated)) return Count(couponId, repeated);
        }

        var queue = queues.Of(couponId);
        IssueReply reply;
        var sending = Confirmed;
        var call = unconfirmed.BeginCall();
        try
        {
            // The queue looks at the fence, after the call has begun: who closes it and then waits for the calls under way waits for this one too.
            if (await queue.DecideAsync(new Press(userId, idempotencyKeyHash)) is not { } decided) return Unanswered(couponId, Unanswerable.Unverified);
            reply = decided;
            outages.Redis.Succeeded();
            if (reply.Outcome == IssueOutcome.Issued)
            {
                seats.Remember(couponId, userId, reply, idempotencyKeyHash);
                faults.Reach(FaultPoint.BetweenScriptAndProduce);
                sending = sender.SendAsync(new PendingIssuance(queue.Keys, reply.Ordinal, userId, reply.TimeMs, idempotencyKeyHash, time.GetTimestamp()));
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

        if (!await sending && !CouponKeys.IsRehearsal(couponId)) metrics.Unconfirmed();
        if (reply.Outcome == IssueOutcome.SoldOut) soldOut.Learn(queue.Keys);
        if (reply.Outcome != IssueOutcome.NotLoaded) queues.Keep(queue);
        return Count(couponId, reply);
    }

    private IssueAnswer Count(long couponId, IssueReply reply)
    {
        if (!CouponKeys.IsRehearsal(couponId)) metrics.Decided(reply.Outcome);
        return new IssueAnswer(reply);
    }

    private IssueAnswer Unanswered(long couponId, Unanswerable why)
    {
        if (!CouponKeys.IsRehearsal(couponId)) metrics.Unanswered();
        return new IssueAnswer(default, why);
    }
}
