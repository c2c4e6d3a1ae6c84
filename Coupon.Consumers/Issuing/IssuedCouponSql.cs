using System.Globalization;
using System.Text;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The hand-shaped statements. Only numbers and times are put into them, so there is nothing to escape; parameters would double the
/// time that the client takes for a large batch and change nothing for the server.
/// </summary>
internal static class IssuedCouponSql
{
    public const int RowLength = 72;
    private const int KeyLength = 21;

    public static string Insert(ReadOnlySpan<Issuance> issuances)
    {
        // The column is named only where a message has the key: without one it costs nothing.
        var keys = AnyKey(issuances);
        var sql = new StringBuilder(100 + (issuances.Length * (keys ? RowLength + KeyLength : RowLength)));
        sql.Append(keys
            ? "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at, idempotency_key_hash) VALUES "
            : "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES ");
        foreach (var (message, _, _) in issuances)
        {
            sql.Append(CultureInfo.InvariantCulture,
                $"({message.CouponId},{message.Ordinal},{message.UserId},'{message.IssuedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}'");
            if (keys) sql.Append(CultureInfo.InvariantCulture, $",{message.IdempotencyKeyHash?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}");
            sql.Append("),");
        }
        return sql.ToString(0, sql.Length - 1);
    }

    private static bool AnyKey(ReadOnlySpan<Issuance> issuances)
    {
        foreach (var (message, _, _) in issuances)
        {
            if (message.IdempotencyKeyHash is not null) return true;
        }
        return false;
    }

    /// <summary>Affects no row where the coupon is unknown or has voided ordinals, which the quick way cannot judge.</summary>
    public static string CountQuickly(long couponId, int inserted) => string.Create(
        CultureInfo.InvariantCulture,
        $"UPDATE coupons SET issued_quantity = issued_quantity + {inserted} WHERE id = {couponId} AND voided_quantity = 0");

    public static string Count(long couponId, int inserted) => string.Create(
        CultureInfo.InvariantCulture,
        $"UPDATE coupons SET issued_quantity = issued_quantity + {inserted} WHERE id = {couponId}");

    /// <summary>A replayed dead letter has been dealt with when its row is there: in the same transaction, so it cannot be forgotten.</summary>
    public static string Resolve(IEnumerable<long> ledgerIds)
    {
        var ids = string.Join(',', ledgerIds);
        return $"""
            INSERT INTO dead_letter_audit (dead_letter_id, at, actor, action, detail)
            SELECT id, UTC_TIMESTAMP(3), 'system', 'Resolved', 'written, or there already' FROM dead_letters WHERE id IN ({ids}) AND state IN ('Open', 'Replayed');
            UPDATE dead_letters SET state = 'Resolved', leased_by = NULL, leased_until = NULL, updated_at = UTC_TIMESTAMP(3)
            WHERE id IN ({ids}) AND state IN ('Open', 'Replayed')
            """;
    }

    /// <summary>The coupons of a batch, locked until the transaction ends, always in the same order.</summary>
    public static string LockCoupons(IEnumerable<long> couponIds) =>
        $"SELECT id, total_quantity - issued_quantity, voided_quantity FROM coupons WHERE id IN ({string.Join(',', couponIds)}) ORDER BY id FOR UPDATE";

    public static string FindByOrdinal(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal, user_id FROM issued_coupons WHERE {AnyOf(coupons, "ordinal", issuance => issuance.Message.Ordinal)}";

    public static string FindByUser(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal, user_id FROM issued_coupons WHERE {AnyOf(coupons, "user_id", issuance => issuance.Message.UserId)}";

    public static string FindVoided(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal FROM dead_letters WHERE state = 'Discarded' AND ordinal_voided AND ({AnyOf(coupons, "ordinal", issuance => issuance.Message.Ordinal)})";

    // A range on the index in MySQL and MariaDB alike, which a list of pairs is not in both.
    private static string AnyOf(IEnumerable<IGrouping<long, Issuance>> coupons, string column, Func<Issuance, long> value) => string.Join(
        " OR ",
        coupons.Select(coupon => $"(coupon_id = {coupon.Key} AND {column} IN ({string.Join(',', coupon.Select(value))}))"));
}
