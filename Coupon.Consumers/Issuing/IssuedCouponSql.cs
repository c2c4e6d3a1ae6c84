using System.Globalization;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The hand-shaped statements. Only numbers and times are put into them, so there is nothing to escape; parameters would double the
/// time that the client takes for a large batch and change nothing for the server.
/// </summary>
internal static class IssuedCouponSql
{
    // With a statement for each, a batch of a thousand coupons costs MySQL several times what its rows do. A CASE is searched from its beginning for
    // each row.
    private const int CouponsPerCount = 50;

    /// <summary>
    /// Adds what was inserted to the coupons. Affects no row where one is unknown or has voided ordinals, which the quick way cannot judge.
    /// </summary>
    /// <param name="inserted">How many of each coupon.</param>
    public static IEnumerable<string> CountQuickly(SortedDictionary<long, int> inserted) => Count(inserted, " AND voided_quantity = 0");

    /// <summary>Adds what was inserted to the coupons.</summary>
    /// <param name="inserted">How many of each coupon.</param>
    public static IEnumerable<string> Count(SortedDictionary<long, int> inserted) => Count(inserted, "");

    // In the order of the ids, in a statement and from one to the next: two batches that touch the same coupons must lock them in the same order.
    private static IEnumerable<string> Count(SortedDictionary<long, int> inserted, string condition) =>
        inserted
            .Chunk(CouponsPerCount)
            .Select(coupons =>
            {
                var cases = string.Join(
                    ' ',
                    coupons.Select(coupon => string.Create(CultureInfo.InvariantCulture, $"WHEN {coupon.Key} THEN {coupon.Value}"))
                );
                var ids = string.Join(',', coupons.Select(coupon => coupon.Key));
                return $"UPDATE coupons SET issued_quantity = issued_quantity + CASE id {cases} END WHERE id IN ({ids}){condition}";
            });

    /// <summary>
    /// The dead letters that messages say they are replays of, as <see cref="LedgerEntry"/> reads them, locked until the transaction ends.
    /// </summary>
    public static string LockEntries(IEnumerable<long> ledgerIds) =>
        $"""
            SELECT id, topic, partition_id, offset_id, coupon_id, ordinal, user_id, replayed_coupon_id, replayed_ordinal, replayed_user_id
            FROM dead_letters WHERE id IN ({string.Join(',', ledgerIds)}) AND state IN ('Open', 'Replayed') ORDER BY id FOR UPDATE
            """;

    /// <summary>A replayed dead letter has been dealt with when its row is there: in the same transaction, so it cannot be forgotten.</summary>
    public static string Resolve(IEnumerable<long> ledgerIds)
    {
        var ids = string.Join(',', ledgerIds);
        return $"""
            INSERT INTO dead_letter_audit (dead_letter_id, at, actor, action, detail)
            SELECT id, UTC_TIMESTAMP(3), 'system', 'Resolved', 'written, or there already'
              FROM dead_letters WHERE id IN ({ids}) AND state IN ('Open', 'Replayed');
            UPDATE dead_letters SET state = 'Resolved', leased_by = NULL, leased_until = NULL, updated_at = UTC_TIMESTAMP(3)
            WHERE id IN ({ids}) AND state IN ('Open', 'Replayed')
            """;
    }

    /// <summary>The coupons of a batch, locked until the transaction ends, always in the same order.</summary>
    public static string LockCoupons(IEnumerable<long> couponIds) =>
        $"SELECT id, total_quantity - issued_quantity, voided_quantity "
        + $"FROM coupons WHERE id IN ({string.Join(',', couponIds)}) ORDER BY id FOR UPDATE";

    public static string FindByOrdinal(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal, user_id FROM issued_coupons WHERE {AnyOf(coupons, "ordinal", issuance => issuance.Message.Ordinal)}";

    public static string FindByUser(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal, user_id FROM issued_coupons WHERE {AnyOf(coupons, "user_id", issuance => issuance.Message.UserId)}";

    public static string FindVoided(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal FROM dead_letters WHERE state = 'Discarded' "
        + $"AND ordinal_voided AND ({AnyOf(coupons, "ordinal", issuance => issuance.Message.Ordinal)})";

    // A range on the index in MySQL and MariaDB alike, which a list of pairs is not in both.
    private static string AnyOf(IEnumerable<IGrouping<long, Issuance>> coupons, string column, Func<Issuance, long> value) =>
        string.Join(" OR ", coupons.Select(coupon => $"(coupon_id = {coupon.Key} AND {column} IN ({string.Join(',', coupon.Select(value))}))"));
}
