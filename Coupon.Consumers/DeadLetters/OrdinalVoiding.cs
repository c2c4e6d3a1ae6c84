using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Decides what a discarded message takes with it: only an ordinal that is its own to give up, and each only once.</summary>
internal sealed class OrdinalVoiding(SeatHolders holders)
{
    /// <summary>
    /// Whether the ordinal is the message's own, as far as Redis can say. Where it knows nothing of the coupon, the message is believed.
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
    /// Counts the ordinal as voided and its seat as returned, each once, whatever else names the same ordinal. Coupon and letter are locked.
    /// </summary>
    /// <exception cref="RefusedOperationException">The seat must not be returned.</exception>
    public static async Task VoidAsync(
        CouponDbContext context,
        CouponRow? coupon,
        DeadLetterRow letter,
        OrdinalClaim claim,
        CancellationToken cancellationToken
    )
    {
        if (coupon is null)
        {
            Require(!letter.SeatReturnRequested, "No seat to return: the message names no coupon that exists.");
            return;
        }
        var isWritten = await context.IssuedCoupons.AnyAsync(row => row.CouponId == coupon.Id && row.Ordinal == letter.Ordinal, cancellationToken);
        Require(!letter.SeatReturnRequested || !isWritten, $"Ordinal {letter.Ordinal} of coupon {coupon.Id} is in the database: its seat is in use.");
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
            // Counted as voided and returned when a verification found it with nobody: from now on it is this letter that it is counted for.
            letter.SeatReturnRequested = true;
            return;
        }

        // A seat goes back only where it is certain that one was taken for this message: otherwise the stock would grow out of nothing.
        // What a copy has returned before is returned: Redis need not show it any more.
        Require(
            !letter.SeatReturnRequested || claim == OrdinalClaim.Holds || copies.Contains(true),
            $"User {letter.UserId} does not hold ordinal {letter.Ordinal} of coupon {coupon.Id} in the stock: no seat was taken for it."
        );
        if (letter.OrdinalVoided && copies.Count == 0)
            coupon.VoidedQuantity++;
        if (letter.SeatReturnRequested && !copies.Contains(true))
            coupon.ReturnedQuantity++;
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
            throw new RefusedOperationException(otherwise);
    }
}
