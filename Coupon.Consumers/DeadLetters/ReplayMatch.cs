using Coupon.Contracts;
using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Whether a message is the replay of a ledger entry that its headers say it is. Headers are only a hint, since anybody who may write to the topic
/// can write them: the entry must have come from the same place and be of the same coupon, ordinal and user.
/// </summary>
internal static class ReplayMatch
{
    /// <param name="row">The entry.</param>
    /// <param name="origin">Where the entry's message came from, as the header says; null: it says nothing.</param>
    /// <param name="message">What the message says; null: it cannot be read.</param>
    /// <param name="value">The bytes of the message.</param>
    public static bool Is(DeadLetterRow row, string? origin, CouponIssued? message, byte[]? value) =>
        origin == new Origin(row.Topic, row.Partition, row.Offset).ToString()
        && (
            message is null
                ? IsSame(row.Value, value)
                : IsNamed(row.CouponId, row.Ordinal, row.UserId, message)
                    || IsNamed(row.ReplayedCouponId, row.ReplayedOrdinal, row.ReplayedUserId, message)
        );

    /// <summary>The same where the message has been written, so that it can be read.</summary>
    public static bool IsNamed(long? couponId, long? ordinal, long? userId, CouponIssued message) =>
        (couponId, ordinal, userId) == (message.CouponId, message.Ordinal, message.UserId);

    private static bool IsSame(byte[]? left, byte[]? right) => left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);
}
