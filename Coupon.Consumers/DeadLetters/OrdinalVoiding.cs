using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Decides what a discarded message takes with it: only an ordinal that belongs to the message, and each ordinal once.</summary>
internal sealed class OrdinalVoiding(SeatHolders holders)
{
    /// <summary>
    /// Whether the ordinal belongs to the message, as far as Redis can say. Where Redis does not know the coupon, the message is believed.
    /// </summary>
    public async Task<OrdinalClaim> ClaimAsync(CouponDbContext context, DeadLetterRow letter, CancellationToken cancellationToken)
    {
        if (
            letter is not { CouponId: > 0 and var coupon, Ordinal: > 0 and var ordinal, UserId: > 0 and var user }
            || !await context.Coupons.AnyAsync(row => row.Id == coupon, cancellationToken)
        )
            return OrdinalClaim.None;
        var holder = await holders.FindAsync(coupon, ordinal, user);
        return holder.Holding switch
        {
            SeatHolding.NeverGivenOut => OrdinalClaim.None,
            SeatHolding.Held => holder.UserId == user ? OrdinalClaim.Holds : OrdinalClaim.None,
            _ => OrdinalClaim.Believed,
        };
    }

    /// <summary>
    /// Counts the ordinal as voided and its seat as returned, each once, however many entries name the same ordinal. Coupon and letter are locked.
    /// </summary>
    /// <returns>Why the seat must not be returned, with changes that must not be saved; null: it is done.</returns>
    public static async Task<string?> VoidAsync(
        CouponDbContext context,
        CouponRow? coupon,
        DeadLetterRow letter,
        OrdinalClaim claim,
        CancellationToken cancellationToken
    )
    {
        if (coupon is null)
            return letter.SeatReturnRequested ? "No seat to return: the message names no coupon that exists." : null;
        var isWritten = await context.IssuedCoupons.AnyAsync(row => row.CouponId == coupon.Id && row.Ordinal == letter.Ordinal, cancellationToken);
        if (letter.SeatReturnRequested && isWritten)
            return $"Ordinal {letter.Ordinal} of coupon {coupon.Id} is in the database: its seat is in use.";
        var copies = isWritten
            ? []
            : await context
                .DeadLetters.AsNoTracking()
                .Where(row =>
                    row.CouponId == coupon.Id && row.Ordinal == letter.Ordinal && row.State == DeadLetterState.Discarded && row.OrdinalVoided
                )
                .Select(row => row.SeatReturnRequested)
                .ToListAsync(cancellationToken);
        letter.OrdinalVoided = !isWritten && claim != OrdinalClaim.None;
        if (
            letter.OrdinalVoided
            && await context
                .ForgottenOrdinals.Where(row => row.CouponId == coupon.Id && row.Ordinal == letter.Ordinal)
                .ExecuteDeleteAsync(cancellationToken) > 0
        )
        {
            // A verification found the ordinal with nobody, and counted it as voided and returned. From now on this letter stands for it.
            letter.SeatReturnRequested = true;
            return null;
        }

        // Without proof that a seat was taken for this message, its return would make the stock grow. A copy that has returned the seat is such a
        // proof, though Redis may not know of the seat any more.
        if (letter.SeatReturnRequested && claim != OrdinalClaim.Holds && !copies.Contains(true))
            return $"User {letter.UserId} does not hold ordinal {letter.Ordinal} of coupon {coupon.Id} in the stock: no seat was taken for it.";
        if (letter.OrdinalVoided && copies.Count == 0)
            coupon.VoidedQuantity++;
        if (letter.SeatReturnRequested && !copies.Contains(true))
            coupon.ReturnedQuantity++;
        return null;
    }
}
