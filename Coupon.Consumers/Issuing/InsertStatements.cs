using System.Globalization;
using System.Text;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The rows of a batch in words, some hundred a statement, all for one round trip. In a single statement the text alone would be a large object, and
/// the
/// collector looks through everything that is alive for each few of those.
/// </summary>
internal static class InsertStatements
{
    // Below 85,000 bytes, at two a character and with every column as long as it can be.
    private const int RowsPerStatement = 400;
    private const int RowLength = 72;
    private const int KeyLength = 21;

    /// <summary>As many statements as it takes, in the order of the issuances.</summary>
    public static List<string> Of(ReadOnlySpan<Issuance> issuances)
    {
        // The column is named only where a message has the key: without one it costs nothing.
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
            // "s" has a way of its own in the framework; a format in letters is read letter by letter, for each row.
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
