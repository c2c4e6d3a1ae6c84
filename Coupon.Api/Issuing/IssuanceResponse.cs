namespace Coupon.Api.Issuing;

/// <summary>A seat was taken. The same body for the same issuance, however often it is asked for with the same Idempotency-Key.</summary>
/// <param name="IssuanceId">Coupon and ordinal, <c>17-532</c>: the id of this issuance for ever.</param>
/// <param name="CouponId">The coupon.</param>
/// <param name="Ordinal">The place in the queue, from 1: "you are number 532".</param>
/// <param name="UserId">The user who holds it.</param>
/// <param name="IssuedAt">When it was decided, by the clock of the stock.</param>
/// <param name="Status">Always <c>pending</c> here: accepted for good, and on its way to the database. Location says when it is there.</param>
public sealed record IssuanceResponse(string IssuanceId, long CouponId, long Ordinal, long UserId, DateTimeOffset IssuedAt, IssuanceStatus Status);
