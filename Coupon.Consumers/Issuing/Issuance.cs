using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>One message of a batch, as the writer needs it.</summary>
/// <param name="Message">What was issued.</param>
/// <param name="Index">Its place in the batch, so that a rejection finds its way back to the message.</param>
/// <param name="LedgerId">The dead letter that it is a replay of; 0: it is not.</param>
internal readonly record struct Issuance(CouponIssued Message, int Index, long LedgerId = 0);
