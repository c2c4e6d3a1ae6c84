using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Gives dead letters up for good. The ordinal is voided in the same transaction, so that a late copy of the message is refused.</summary>
internal sealed class DeadLetterDiscard(
    IDbContextFactory<CouponDbContext> contexts, SeatHolders holders, SeatReturns returns, TimeProvider time)
{
    public async Task<OperationResult> DiscardAsync(DiscardRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var ids = await MatchingAsync(request, cancellationToken);
        var operation = Guid.NewGuid().ToString("D");
        var (done, skipped, failures) = (0, 0, new List<OperationFailure>());
        foreach (var id in ids)
        {
            try
            {
                var discarded = await LedgerContention.Pipeline.ExecuteAsync(
                    async token => await DiscardAsync(id, request, operation, token), cancellationToken);
                if (discarded && request.ReturnSeat)
                    await returns.ReturnAsync(id, request.Actor, cancellationToken);
                (done, skipped) = discarded ? (done + 1, skipped) : (done, skipped + 1);
            }
            catch (Exception exception) when (exception is RefusedOperationException or StackExchange.Redis.RedisException or TimeoutException)
            {
                failures.Add(new OperationFailure(id, exception.Message));
            }
            progress?.Report(done + skipped + failures.Count);
        }
        return new OperationResult(ids.Count, done, skipped, failures);
    }

    /// <summary>The filter, restricted to what can be discarded: only what is open, since what is replayed may be written at any moment.</summary>
    public static DeadLetterFilter Discardable(DeadLetterFilter filter) => filter with
    {
        States = [filter.States is { Count: > 0 } states && !states.Contains(DeadLetterState.Open) ? (DeadLetterState)(-1) : DeadLetterState.Open],
    };

    private async Task<List<long>> MatchingAsync(DiscardRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Discardable(request.Filter).Apply(context.DeadLetters).OrderBy(row => row.Id).Select(row => row.Id)
            .Take(request.Limit ?? int.MaxValue).ToListAsync(cancellationToken);
    }

    private async Task<bool> DiscardAsync(long id, DiscardRequest request, string operation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginLedgerTransactionAsync(cancellationToken);
        var couponId = await context.DeadLetters.Where(row => row.Id == id).Select(row => row.CouponId).SingleAsync(cancellationToken);

        // The coupon first, as everybody who writes rows locks it: what is found below stays true until the commit.
        var coupon = await context.Coupons.LockAsync(couponId, cancellationToken);
        var letter = (await context.DeadLetters.LockAsync([id], cancellationToken)).Single();
        var now = time.GetUtcNow().UtcDateTime;
        if (letter.State != DeadLetterState.Open || letter.LeasedUntil > now)
        {
            // Done by somebody else, or by this very operation, whose commit was never answered.
            return await context.DeadLetterAudit.AnyAsync(entry => entry.DeadLetterId == id && entry.Operation == operation, cancellationToken);
        }

        await VoidAsync(context, coupon, letter, request.ReturnSeat, cancellationToken);
        letter.State = DeadLetterState.Discarded;
        letter.SeatReturnRequested = request.ReturnSeat;
        letter.UpdatedAt = now;
        context.DeadLetterAudit.Add(new DeadLetterAuditRow
        {
            DeadLetterId = id,
            At = now,
            Actor = request.Actor,
            Action = DeadLetterAction.Discarded,
            Detail = request.Reason,
            Operation = operation,
        });
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task VoidAsync(CouponDbContext context, CouponRow? coupon, DeadLetterRow letter, bool returnSeat, CancellationToken cancellationToken)
    {
        var isWritten = coupon is not null
            && await context.IssuedCoupons.AnyAsync(row => row.CouponId == coupon.Id && row.Ordinal == letter.Ordinal, cancellationToken);
        var copies = coupon is null || isWritten ? [] : await context.DeadLetters.AsNoTracking()
            .Where(row => row.CouponId == coupon.Id && row.Ordinal == letter.Ordinal && row.State == DeadLetterState.Discarded)
            .Select(row => row.SeatReturnRequested).ToListAsync(cancellationToken);
        // The seat that a copy has returned before is returned: the stock need not show it any more.
        if (returnSeat && !copies.Contains(true))
            await RequireReturnableAsync(coupon, letter, isWritten);
        if (coupon is null || isWritten)
            return;
        if (copies.Count == 0)
            coupon.VoidedQuantity++;
        if (returnSeat && !copies.Contains(true))
            coupon.ReturnedQuantity++;
    }

    /// <summary>A seat goes back only where it is certain that one was taken for this message: otherwise the stock would grow out of nothing.</summary>
    private async Task RequireReturnableAsync(CouponRow? coupon, DeadLetterRow letter, bool isWritten)
    {
        if (coupon is null || letter.UserId is not { } userId)
            throw new RefusedOperationException("No seat to return: the message names no coupon that exists.");
        if (isWritten)
            throw new RefusedOperationException($"Ordinal {letter.Ordinal} of coupon {coupon.Id} is in the database: its seat is in use.");
        if (await holders.OrdinalOfAsync(coupon.Id, userId) != letter.Ordinal)
            throw new RefusedOperationException($"User {userId} does not hold ordinal {letter.Ordinal} of coupon {coupon.Id} in the stock: no seat was taken for it.");
    }
}
