using System.Globalization;
using Coupon.Database;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The hand-written statements. They contain numbers and constants only, so there is nothing to escape; parameters were measured to double the time
/// that the client takes for a large batch, and to change nothing for the server.
/// </summary>
internal static class IssuedCouponSql
{
    // One statement for each coupon would cost MySQL several times the rows of a batch of a thousand coupons. A CASE is searched from its beginning
    // for each row, so it must not become long either.
    private const int CouponsPerCount = 50;

    /// <summary>
    /// Adds the inserted rows to the coupons. Does not affect a coupon that is unknown or has voided ordinals, which the optimistic insert cannot
    /// judge.
    /// </summary>
    /// <param name="inserted">How many of each coupon.</param>
    public static IEnumerable<string> CountQuickly(SortedDictionary<long, int> inserted) => Count(inserted, " AND voided_quantity = 0");

    /// <summary>Adds the inserted rows to the coupons.</summary>
    /// <param name="inserted">How many of each coupon.</param>
    public static IEnumerable<string> Count(SortedDictionary<long, int> inserted) => Count(inserted, "");

    // In the order of the ids, within a statement and from one to the next: batches that touch the same coupons must lock them in the same order.
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

    /// <summary>The coupons of a batch, locked until the transaction ends, always in the same order.</summary>
    public static string LockCoupons(IEnumerable<long> couponIds) =>
        $"SELECT id, total_quantity - issued_quantity, voided_quantity "
        + $"FROM coupons WHERE id IN ({string.Join(',', couponIds)}) ORDER BY id FOR UPDATE";

    public static string FindByOrdinal(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal, user_id FROM issued_coupons WHERE {AnyOf(coupons, "ordinal", issuance => issuance.Message.Ordinal)}";

    public static string FindByUser(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal, user_id FROM issued_coupons WHERE {AnyOf(coupons, "user_id", issuance => issuance.Message.UserId)}";

    public static string FindVoided(IEnumerable<IGrouping<long, Issuance>> coupons) =>
        $"SELECT coupon_id, ordinal FROM dead_letters WHERE state = '{nameof(DeadLetterState.Discarded)}' "
        + $"AND ordinal_voided AND ({AnyOf(coupons, "ordinal", issuance => issuance.Message.Ordinal)})";

    // MySQL and MariaDB both read ranges of an index for this. A list of pairs, (coupon_id, ordinal) IN (…), is such a range in only one of them.
    private static string AnyOf(IEnumerable<IGrouping<long, Issuance>> coupons, string column, Func<Issuance, long> value) =>
        string.Join(" OR ", coupons.Select(coupon => $"(coupon_id = {coupon.Key} AND {column} IN ({string.Join(',', coupon.Select(value))}))"));
}
