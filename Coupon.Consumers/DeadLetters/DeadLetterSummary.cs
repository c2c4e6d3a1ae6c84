using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// An entry of the ledger as a list shows it. Times are UTC; the coupon, ordinal and user are null where the message is not decodable.
/// </summary>
public sealed record DeadLetterSummary(
    long Id,
    DeadLetterState State,
    string Cause,
    long? CouponId,
    long? Ordinal,
    long? UserId,
    string Topic,
    int Partition,
    long Offset,
    int Attempts,
    int ReplayCount,
    DateTime FirstFailedAt,
    DateTime LastFailedAt,
    string? Reason
)
{
    /// <summary>Where it came from, as <c>topic/partition@offset</c>.</summary>
    public string Origin => $"{Topic}/{Partition}@{Offset}";
}
