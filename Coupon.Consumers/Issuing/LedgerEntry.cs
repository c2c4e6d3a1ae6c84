using System.Data.Common;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Issuing;

/// <summary>What of an open dead letter says whether a message is its replay.</summary>
internal readonly record struct LedgerEntry(
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
    /// <summary>In the order of <see cref="IssuedCouponSql.LockEntries"/>.</summary>
    public static LedgerEntry Read(DbDataReader row) =>
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

    /// <summary>Whether the message, which has been written, is a replay of this one.</summary>
    public bool IsOf(ReplayedCouponIssued message) =>
        Id == message.LedgerId
        && Origin == message.LedgerOrigin
        && (
            ReplayMatch.IsNamed(CouponId, Ordinal, UserId, message) || ReplayMatch.IsNamed(ReplayedCouponId, ReplayedOrdinal, ReplayedUserId, message)
        );

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
