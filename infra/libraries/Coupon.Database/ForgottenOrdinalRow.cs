namespace Coupon.Database;

/// <summary>
/// An ordinal that Redis gave out and forgot, and that is nowhere else: no row, no message, no dead letter, no outbox entry. Only those below a known
/// one can be recognised; those after the last known one are given out again and are not here. Its seat is back in the stock (<see
/// cref="CouponRow.ReturnedQuantity"/>); the number is never given out again.
/// </summary>
public sealed class ForgottenOrdinalRow
{
    /// <summary>The coupon.</summary>
    public long CouponId { get; init; }

    /// <summary>The ordinal.</summary>
    public long Ordinal { get; init; }

    /// <summary>The verification that found it.</summary>
    public long VerificationId { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTime ForgottenAt { get; init; }
}
