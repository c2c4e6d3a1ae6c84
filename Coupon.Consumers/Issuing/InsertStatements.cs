using System.Globalization;
using System.Text;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// INSERT statements for the rows of a batch, some hundred rows each, all for one round trip. The text of a single statement would be a large
/// object, and those cause collections of the whole heap: https://learn.microsoft.com/dotnet/standard/garbage-collection/large-object-heap
/// </summary>
internal static class InsertStatements
{
    // Keeps a text below 85,000 bytes, where large objects begin, at two bytes a character and with the longest columns.
    private const int RowsPerStatement = 400;
    private const int RowLength = 72;
    private const int KeyLength = 21;

    /// <summary>The statements, in the order of the issuances.</summary>
    public static List<string> Of(ReadOnlySpan<Issuance> issuances)
    {
        // The column is named only where a message has a key, so that batches without keys pay nothing for it.
        var keys = AnyKey(issuances);
        var sql = new StringBuilder(100 + (Math.Min(issuances.Length, RowsPerStatement) * (keys ? RowLength + KeyLength : RowLength)));
        var statements = new List<string>();
        for (var first = 0; first < issuances.Length; first += RowsPerStatement)
            statements.Add(Statement(sql.Clear(), issuances.Slice(first, Math.Min(RowsPerStatement, issuances.Length - first)), keys));
        return statements;
    }

    private static string Statement(StringBuilder sql, ReadOnlySpan<Issuance> issuances, bool keys)
    {
        sql.Append(
            keys
                ? "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at, idempotency_key_hash) VALUES "
                : "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES "
        );
        foreach (var (message, _) in issuances)
        {
            // .NET formats "s" by a fast path; a custom format string would be parsed for each row.
            var issuedAt = message.IssuedAt.UtcDateTime;
            sql.Append(
                CultureInfo.InvariantCulture,
                $"({message.CouponId},{message.Ordinal},{message.UserId},'{issuedAt:s}.{issuedAt.Millisecond:D3}'"
            );
            if (keys)
                sql.Append(CultureInfo.InvariantCulture, $",{message.IdempotencyKeyHash?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}");
            sql.Append("),");
        }
        return sql.ToString(0, sql.Length - 1);
    }

    private static bool AnyKey(ReadOnlySpan<Issuance> issuances)
    {
        foreach (var (message, _) in issuances)
        {
            if (message.IdempotencyKeyHash is not null)
                return true;
        }
        return false;
    }
}
