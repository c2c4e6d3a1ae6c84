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
            .Select(issued => new { issued.Ordinal, issued.UserId, issued.IssuedAt }).AsAsyncEnumerable();
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
            await read(new HeldSeat(couponId, row.Ordinal, row.UserId, new DateTimeOffset(row.IssuedAt).ToUnixTimeMilliseconds())).ConfigureAwait(false);
    }

    /// <summary>The dead letters, whatever became of them: each was a seat that a user was given.</summary>
    public async Task<List<HeldSeat>> DeadLettersAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var values = await context.DeadLetters.AsNoTracking().Where(letter => letter.CouponId == couponId && letter.Ordinal != null)
            .Select(letter => letter.Value).ToListAsync(cancellationToken).ConfigureAwait(false);
        var seats = new List<HeldSeat>(values.Count);
        foreach (var value in values)
        {
            if (IssuanceMessage.TryRead(value, out var seat) && seat.CouponId == couponId) seats.Add(seat);
        }

        return seats;
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
