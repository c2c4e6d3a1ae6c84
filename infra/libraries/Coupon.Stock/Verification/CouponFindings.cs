namespace Coupon.Stock.Verification;

/// <summary>What a verification found of one coupon.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="UsersAdded">Holders of a seat that Redis had forgotten.</param>
/// <param name="OrdinalBefore">The last ordinal that Redis knew of.</param>
/// <param name="OrdinalAfter">The last known ordinal; the next one follows it.</param>
/// <param name="OutboxAdded">Issuances that only Redis knew of: they are sent again.</param>
/// <param name="OrdinalsForgotten">Ordinals that Redis gave out and forgot before a user was told; their seats are back in the stock.</param>
/// <param name="OrdinalsMissing">Ordinals that should be known and are not: something was lost elsewhere. The balance names them.</param>
/// <param name="Conflicts">Users with one ordinal in Redis and another elsewhere. The database decides between them.</param>
/// <param name="Remaining">What is left to give out.</param>
public sealed record CouponFindings(
    long CouponId,
    long UsersAdded,
    long OrdinalBefore,
    long OrdinalAfter,
    long OutboxAdded,
    long OrdinalsForgotten,
    long OrdinalsMissing,
    long Conflicts,
    long Remaining
);
