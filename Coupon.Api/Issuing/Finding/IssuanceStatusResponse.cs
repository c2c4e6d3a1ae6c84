using Coupon.Api.Issuing.Deciding;

namespace Coupon.Api.Issuing.Finding;

/// <summary>Where an issuance stands.</summary>
/// <param name="IssuanceId">Coupon and ordinal, <c>17-532</c>.</param>
/// <param name="CouponId">The coupon.</param>
/// <param name="Ordinal">The place in the queue, from 1.</param>
/// <param name="UserId">The user who holds it.</param>
/// <param name="IssuedAt">When it was decided, by the clock of the stock.</param>
/// <param name="Status">pending, issued or failed.</param>
/// <param name="PersistedAt">When the row was written, by the clock of the database. Only where issued.</param>
/// <param name="Reason">Why it could not be written, as the dead letter says. Only where failed.</param>
public sealed record IssuanceStatusResponse(
    string IssuanceId,
    long CouponId,
    long Ordinal,
    long UserId,
    DateTimeOffset IssuedAt,
    IssuanceStatus Status,
    DateTimeOffset? PersistedAt = null,
    string? Reason = null
);
