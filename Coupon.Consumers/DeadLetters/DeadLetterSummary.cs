using System.Linq.Expressions;
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
    /// <summary>The summary of a row, for a query: it reads no payloads.</summary>
    internal static readonly Expression<Func<DeadLetterRow, DeadLetterSummary>> OfRow = row => new DeadLetterSummary(
        row.Id,
        row.State,
        row.Cause,
        row.CouponId,
        row.Ordinal,
        row.UserId,
        row.Topic,
        row.Partition,
        row.Offset,
        row.Attempts,
        row.ReplayCount,
        row.FirstFailedAt,
        row.LastFailedAt,
        row.ExceptionMessage
    );

    private static readonly Lazy<Func<DeadLetterRow, DeadLetterSummary>> _of = new(OfRow.Compile);

    /// <summary>The summary of a row that was read.</summary>
    internal static DeadLetterSummary Of(DeadLetterRow row) => _of.Value(row);

    /// <summary>Where it came from, as <c>topic/partition@offset</c>.</summary>
    public string Origin => $"{Topic}/{Partition}@{Offset}";
}
