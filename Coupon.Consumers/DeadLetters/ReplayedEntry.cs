using System.Data.Common;
using Coupon.Contracts;

namespace Coupon.Consumers.DeadLetters;

/// <summary>The part of a ledger entry that tells whether a message is its replay.</summary>
internal readonly record struct ReplayedEntry(
    long Id,
    string Origin,
    long? CouponId,
    long? Ordinal,
    long? UserId,
    long? ReplayedCouponId,
    long? ReplayedOrdinal,
    long? ReplayedUserId
)
{
    /// <summary>Reads a row of <see cref="DeadLetterSql.LockReplayed"/>.</summary>
    public static ReplayedEntry Read(DbDataReader row) =>
        new(
            row.GetInt64(0),
            new Origin(row.GetString(1), row.GetInt32(2), row.GetInt64(3)).ToString(),
            Number(row, 4),
            Number(row, 5),
            Number(row, 6),
            Number(row, 7),
            Number(row, 8),
            Number(row, 9)
        );

    /// <summary>Whether a message that has been written is a replay of this entry.</summary>
    /// <param name="message">The message.</param>
    /// <param name="ledgerId">The entry that its headers name.</param>
    /// <param name="origin">The origin of that entry's message, as its headers say; null: they say nothing.</param>
    public bool IsReplayedBy(CouponIssued message, long ledgerId, string? origin) =>
        Id == ledgerId
        && Origin == origin
        && (
            ReplayMatch.IsNamed(CouponId, Ordinal, UserId, message) || ReplayMatch.IsNamed(ReplayedCouponId, ReplayedOrdinal, ReplayedUserId, message)
        );

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
