using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// One message of a batch. Kept at 16 bytes, so that an array of a default batch, 4,000 of them, is no large object (85,000 bytes).
/// </summary>
/// <param name="Message">The message.</param>
/// <param name="Index">Its index in the batch, by which a rejection finds the record again.</param>
internal readonly record struct Issuance(CouponIssued Message, int Index)
{
    /// <summary>The dead letter that it replays, as its headers say; 0: none.</summary>
    public long LedgerId => Message is ReplayedCouponIssued replayed ? replayed.LedgerId : 0;
}
