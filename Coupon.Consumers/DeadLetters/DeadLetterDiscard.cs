using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Gives dead letters up for good. The ordinal is voided in the same transaction, so that a late copy of the message is refused. Whose the ordinal
/// is,
/// Redis is asked first: that does not change while a lock is waited for.
/// </summary>
internal sealed class DeadLetterDiscard(IDbContextFactory<CouponDbContext> contexts, OrdinalVoiding voiding, SeatReturns returns)
{
    /// <exception cref="Exception">A server is away, and nothing was discarded; where that is Redis, something may have been refused.</exception>
    public async Task<OperationResult> DiscardAsync(DiscardRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var ids = await MatchingAsync(request, cancellationToken);
        var operation = Guid.NewGuid().ToString("D");
        var (done, skipped, pending, failures) = (0, 0, 0, new List<OperationFailure>());
        foreach (var id in ids)
        {
            try
            {
                var discarded = await LedgerContention.Pipeline.ExecuteAsync(
                    async token => await DiscardAsync(id, request, operation, token),
                    cancellationToken
                );
                (done, skipped) = discarded ? (done + 1, skipped) : (done, skipped + 1);
                // Also where nobody asked for it: the seat of an ordinal that a verification had found with nobody is back already.
                if (discarded && !await TryReturnAsync(id, request.Actor, cancellationToken))
                    pending++;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Who interrupts it wants to know how far it has come.
                break;
            }
            catch (Exception exception) when (RedisFailure.IsAway(exception) && done > 0)
            {
                // Each of the others would wait as long for the same answer.
                failures.Add(new OperationFailure(id, exception.Message));
                failures.AddRange(
                    ids.SkipWhile(next => next != id).Skip(1).Select(next => new OperationFailure(next, "Not tried, since Redis does not answer."))
                );
                break;
            }
            catch (Exception exception)
                when (!RedisFailure.IsAway(exception) && (exception is RefusedOperationException or TimeoutException || RedisFailure.Is(exception)))
            {
                failures.Add(new OperationFailure(id, exception.Message));
            }
            progress?.Report(done + skipped + failures.Count);
        }
        return new OperationResult(ids.Count, done, skipped, failures, pending);
    }

    /// <summary>The filter, restricted to what can be discarded: only what is open, since what is replayed may be written at any moment.</summary>
    public static DeadLetterFilter Discardable(DeadLetterFilter filter) =>
        filter with
        {
            States =
            [
                filter.States is { Count: > 0 } states && !states.Contains(DeadLetterState.Open) ? (DeadLetterState)(-1) : DeadLetterState.Open,
            ],
        };

    // It is discarded by now, whatever Redis says: the sweep finishes what is not finished here.
    private async Task<bool> TryReturnAsync(long id, string actor, CancellationToken cancellationToken)
    {
        try
        {
            await returns.ReturnAsync(id, actor, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException || RedisFailure.Is(exception))
        {
            return false;
        }
    }

    private async Task<List<long>> MatchingAsync(DiscardRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Discardable(request.Filter).MatchingAsync(context.DeadLetters, request.Asked, request.Limit, cancellationToken);
    }

    private async Task<bool> DiscardAsync(long id, DiscardRequest request, string operation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var seen = await context.DeadLetters.AsNoTracking().SingleAsync(row => row.Id == id, cancellationToken);
        var claim = await voiding.ClaimAsync(context, seen, cancellationToken);
        await using var transaction = await context.BeginLedgerTransactionAsync(cancellationToken);
        // The coupon first, as everybody who writes rows locks it: what is found below stays true until the commit.
        var coupon = await context.Coupons.LockAsync(seen.CouponId, cancellationToken);
        var letter = (await context.DeadLetters.LockAsync([id], cancellationToken)).Single();
        var now = await context.NowAsync(cancellationToken);
        if (letter.State != DeadLetterState.Open || letter.LeasedUntil > now)
        {
            // Done by somebody else, or by this very operation, whose commit was never answered.
            return await context.DeadLetterAudit.AnyAsync(entry => entry.DeadLetterId == id && entry.Operation == operation, cancellationToken);
        }

        letter.SeatReturnRequested = request.ReturnSeat;
        await OrdinalVoiding.VoidAsync(context, coupon, letter, claim, cancellationToken);
        letter.State = DeadLetterState.Discarded;
        // Whoever leased it for a replay and let the lease run out has nothing more to say about it.
        (letter.LeasedBy, letter.LeasedUntil) = (null, null);
        letter.UpdatedAt = now;
        context.DeadLetterAudit.Add(
            new DeadLetterAuditRow
            {
                DeadLetterId = id,
                At = now,
                Actor = request.Actor,
                Action = DeadLetterAction.Discarded,
                Detail = request.Reason,
                Operation = operation,
            }
        );
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
