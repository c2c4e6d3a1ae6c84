using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Gives dead letters up for good. The ordinal is voided in the same transaction, so that a late copy of the message is refused. The owner of the
/// ordinal is read from Redis before the rows are locked; it cannot change while they are waited for.
/// </summary>
internal sealed class DeadLetterDiscard(IDbContextFactory<CouponDbContext> contexts, OrdinalVoiding voiding, SeatReturns returns)
{
    /// <param name="request">What to discard.</param>
    /// <param name="progress">Told after each entry how many are done.</param>
    /// <param name="cancellationToken">Stops after the entry that is being discarded; the result says how far it came.</param>
    /// <exception cref="Exception">
    /// A server is away, and nothing was discarded; where that is Redis, entries may have been refused before.
    /// </exception>
    public async Task<OperationResult> DiscardAsync(DiscardRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var ids = await MatchingAsync(request, cancellationToken);
        var operation = request.Operation ?? Guid.NewGuid().ToString("D");
        var (done, skipped, seatsToReturn, failures) = (0, 0, 0, new List<OperationFailure>());
        foreach (var id in ids)
        {
            try
            {
                var outcome = await LedgerContention.Pipeline.ExecuteAsync(
                    async token => await DiscardAsync(id, request, operation, token),
                    cancellationToken
                );
                if (outcome.Refusal is { } refusal)
                    failures.Add(new OperationFailure(id, refusal));
                else if (!outcome.IsDiscarded)
                    skipped++;
                else
                {
                    done++;
                    // Also without a request: the seat of an ordinal that a verification found with nobody has been returned already.
                    if (!await TryReturnAsync(id, request.Actor, cancellationToken))
                        seatsToReturn++;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
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
            catch (Exception exception) when (!RedisFailure.IsAway(exception) && (exception is TimeoutException || RedisFailure.Is(exception)))
            {
                failures.Add(new OperationFailure(id, exception.Message));
            }
            progress?.Report(done + skipped + failures.Count);
        }
        return new OperationResult(ids.Count, done, skipped, failures, seatsToReturn);
    }

    // The entry stays discarded when Redis fails: the sweep returns the seat later.
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
        return await request.Filter.ForDiscard().MatchingAsync(context.DeadLetters, request.Confirmed, request.Limit, cancellationToken);
    }

    private async Task<DiscardOutcome> DiscardAsync(long id, DiscardRequest request, string operation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var seen = await context.DeadLetters.AsNoTracking().SingleAsync(row => row.Id == id, cancellationToken);
        var claim = await voiding.ClaimAsync(context, seen, cancellationToken);
        await using var transaction = await context.BeginLedgerTransactionAsync(cancellationToken);
        // The coupon first, in the order in which the writers of rows lock: what is read below holds until the commit.
        var coupon = await context.Coupons.LockAsync(seen.CouponId, cancellationToken);
        var letter = (await context.DeadLetters.LockAsync([id], cancellationToken)).Single();
        var now = await context.NowAsync(cancellationToken);
        if (!letter.MayBeDiscarded(now))
        {
            // Another operator was quicker, or an earlier attempt of this operation, whose commit was not answered.
            var isOurs = await context.DeadLetterAudit.AnyAsync(entry => entry.DeadLetterId == id && entry.Operation == operation, cancellationToken);
            return new DiscardOutcome(isOurs, null);
        }

        letter.SeatReturnRequested = request.ReturnSeat;
        if (await OrdinalVoiding.VoidAsync(context, coupon, letter, claim, cancellationToken) is { } refusal)
            return new DiscardOutcome(false, refusal);
        letter.Discard(now);
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
        return new DiscardOutcome(true, null);
    }

    /// <param name="IsDiscarded">This operation discarded the entry.</param>
    /// <param name="Refusal">Why the entry must not be discarded in this way; null: it may.</param>
    private readonly record struct DiscardOutcome(bool IsDiscarded, string? Refusal);
}
