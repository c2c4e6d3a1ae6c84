using System.Globalization;
using Coupon.Sale.Load;

namespace Coupon.Sale.Books;

/// <summary>Compares the answers of the clients with the rows, seat by seat, and lists every difference.</summary>
internal sealed class Audit
{
    private const int Named = 5;

    private Audit(IReadOnlyDictionary<long, long> rows, Tally tally, Balance balance, int stock)
    {
        Rows = rows.Count;
        DuplicateUsers = rows.Count - rows.Values.Distinct().Count();
        LastOrdinal = rows.Count == 0 ? 0 : rows.Keys.Max();
        Gaps = Range(1, LastOrdinal).Where(ordinal => !rows.ContainsKey(ordinal)).ToArray();
        Balance = balance;

        List<string> findings = [.. tally.Contradictions];
        if (rows.Count > stock)
            findings.Add($"oversold: {rows.Count} rows, {stock} coupons");
        if (DuplicateUsers > 0)
            findings.Add($"{DuplicateUsers} rows belong to users who have one already");
        if (Gaps.Count > balance.OpenDeadLetters + balance.Voided)
            findings.Add($"places without a row or a dead letter: {Names(Gaps)}");
        Add(
            findings,
            "accepted, but the row says another user",
            tally.UserByOrdinal.Where(told => rows.TryGetValue(told.Key, out var user) && user != told.Value)
        );
        Add(findings, "written, but nobody was told", rows.Where(row => !tally.UserByOrdinal.ContainsKey(row.Key)));
        var lost = tally.UserByOrdinal.Where(told => !rows.ContainsKey(told.Key)).ToArray();
        if (lost.Length > balance.OpenDeadLetters + balance.Voided)
            Add(findings, "accepted, but neither written nor a dead letter", lost);
        if (!balance.AddsUp)
            findings.Add($"the balance does not add up: {balance.Total} coupons, {balance.Sum} accounted for");
        if (!balance.IsDrained)
            findings.Add($"still on the way: {balance.Outbox} in the outbox, {balance.InKafka} in Kafka");
        Findings = findings;
    }

    public int Rows { get; }

    public int DuplicateUsers { get; }

    public long LastOrdinal { get; }

    /// <summary>The ordinals without a row, up to the last one with a row.</summary>
    public IReadOnlyList<long> Gaps { get; }

    public Balance Balance { get; }

    /// <summary>What is wrong, in words; empty: the books balance.</summary>
    public IReadOnlyList<string> Findings { get; }

    public static Audit Of(IReadOnlyDictionary<long, long> rows, Tally tally, Balance balance, int stock) => new(rows, tally, balance, stock);

    private static void Add(List<string> findings, string what, IEnumerable<KeyValuePair<long, long>> pairs)
    {
        var ordinals = pairs.Select(pair => pair.Key).Order().ToArray();
        if (ordinals.Length > 0)
            findings.Add($"{what}: places {Names(ordinals)}");
    }

    private static string Names(IReadOnlyCollection<long> ordinals) =>
        string.Join(", ", ordinals.Take(Named).Select(ordinal => ordinal.ToString(CultureInfo.InvariantCulture)))
        + (ordinals.Count > Named ? $" … ({ordinals.Count} in all)" : "");

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var number = first; number <= last; number++)
            yield return number;
    }
}
