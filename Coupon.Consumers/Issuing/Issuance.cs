using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// One message of a batch, as the writer needs it. No larger than this: four thousand of them would be a large object to the collector.
/// </summary>
/// <param name="Message">What was issued.</param>
/// <param name="Index">Its place in the batch, so that a rejection finds its way back to the message.</param>
internal readonly record struct Issuance(CouponIssued Message, int Index)
{
    /// <summary>The dead letter that it says it is a replay of; 0: of none.</summary>
    public long LedgerId => Message is ReplayedCouponIssued replayed ? replayed.LedgerId : 0;
}
