using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Stock.Verification;

/// <summary>Keeps the list of ordinals that are nobody's, and gives their seats back to the stock, in one transaction.</summary>
internal sealed class ForgottenOrdinals(IDbContextFactory<CouponDbContext> database, TimeProvider time)
{
    /// <summary>Records new ones, and takes back those that have turned up after all.</summary>
    public async Task RecordAsync(long couponId, long verificationId, List<long> forgotten, List<long> found, CancellationToken cancellationToken)
    {
        if (forgotten.Count == 0 && found.Count == 0) return;
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow().UtcDateTime;
        context.ForgottenOrdinals.AddRange(forgotten.Select(ordinal => new ForgottenOrdinalRow
        {
            CouponId = couponId,
            Ordinal = ordinal,
            VerificationId = verificationId,
            ForgottenAt = now,
        }));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var foundNow = await context.ForgottenOrdinals.Where(row => row.CouponId == couponId && found.Contains(row.Ordinal))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        var change = forgotten.Count - foundNow;
        await context.Coupons.Where(coupon => coupon.Id == couponId).ExecuteUpdateAsync(update => update
            .SetProperty(coupon => coupon.VoidedQuantity, coupon => coupon.VoidedQuantity + change)
            .SetProperty(coupon => coupon.ReturnedQuantity, coupon => coupon.ReturnedQuantity + change)
            .SetProperty(coupon => coupon.RetakenQuantity, coupon => coupon.RetakenQuantity + foundNow), cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}
