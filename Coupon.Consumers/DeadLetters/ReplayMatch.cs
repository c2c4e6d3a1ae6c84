using Coupon.Contracts;
using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Whether a message is the replay of the ledger entry that its headers name. Headers are only a hint, since every writer to the topic can set them:
/// the entry must have the same origin and be of the same coupon, ordinal and user.
/// </summary>
internal static class ReplayMatch
{
    /// <param name="row">The entry.</param>
    /// <param name="origin">The origin of the entry's message, as the headers say; null: they say nothing.</param>
    /// <param name="message">The message; null: it cannot be read.</param>
    /// <param name="value">The bytes of the message.</param>
    public static bool Is(DeadLetterRow row, string? origin, CouponIssued? message, byte[]? value) =>
        origin == new Origin(row.Topic, row.Partition, row.Offset).ToString()
        && (
            message is null
                ? IsSame(row.Value, value)
                : IsNamed(row.CouponId, row.Ordinal, row.UserId, message)
                    || IsNamed(row.ReplayedCouponId, row.ReplayedOrdinal, row.ReplayedUserId, message)
        );

    /// <summary>Whether the message is of this coupon, ordinal and user.</summary>
    public static bool IsNamed(long? couponId, long? ordinal, long? userId, CouponIssued message) =>
        (couponId, ordinal, userId) == (message.CouponId, message.Ordinal, message.UserId);

    private static bool IsSame(byte[]? left, byte[]? right) => left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);
}
