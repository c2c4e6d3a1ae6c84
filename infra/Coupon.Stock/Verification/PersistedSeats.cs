using Coupon.Database;
using Coupon.Stock.Tail;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Stock.Verification;

/// <summary>What MySQL knows of the seats of one coupon.</summary>
internal sealed class PersistedSeats(IDbContextFactory<CouponDbContext> database)
{
    /// <summary>The rows, streamed by ordinal.</summary>
    public async Task ReadRowsAsync(long couponId, Func<HeldSeat, Task> read, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var rows = context.IssuedCoupons.AsNoTracking().Where(issued => issued.CouponId == couponId).OrderBy(issued => issued.Ordinal)
            .Select(issued => new { issued.Ordinal, issued.UserId, issued.IssuedAt, issued.IdempotencyKeyHash }).AsAsyncEnumerable();
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var seat = new HeldSeat(couponId, row.Ordinal, row.UserId, new DateTimeOffset(row.IssuedAt).ToUnixTimeMilliseconds(), row.IdempotencyKeyHash);
            await read(seat).ConfigureAwait(false);
        }
    }

    /// <summary>The dead letters: each was a seat that a user was given, and holds it unless an operator has returned it to the stock.</summary>
    public async Task<(List<HeldSeat> Held, HashSet<HeldSeat> Returned)> DeadLettersAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var letters = await context.DeadLetters.AsNoTracking().Where(letter => letter.CouponId == couponId && letter.Ordinal != null
                && (letter.State != DeadLetterState.Discarded || letter.OrdinalVoided))
            .Select(letter => new { letter.Value, IsReturned = letter.State == DeadLetterState.Discarded && letter.SeatReturnRequested })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var (held, returned) = (new List<HeldSeat>(), new HashSet<HeldSeat>());
        foreach (var letter in letters)
        {
            if (!IssuanceMessage.TryRead(letter.Value, out var seat) || seat.CouponId != couponId) continue;
            if (letter.IsReturned) returned.Add(seat);
            else held.Add(seat);
        }

        return (held, returned);
    }

    /// <summary>The ordinals that are known to be nobody's.</summary>
    public async Task<List<long>> ForgottenAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        return await context.ForgottenOrdinals.AsNoTracking().Where(forgotten => forgotten.CouponId == couponId)
            .Select(forgotten => forgotten.Ordinal).ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The terms as they are now; null: the coupon does not exist.</summary>
    public async Task<CouponTerms?> TermsAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var row = await context.Coupons.AsNoTracking().SingleOrDefaultAsync(coupon => coupon.Id == couponId, cancellationToken).ConfigureAwait(false);
        return row is null ? null : CouponTerms.Of(row);
    }
}
