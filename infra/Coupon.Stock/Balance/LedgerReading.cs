using System.Data;
using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Stock.Balance;

/// <summary>What MySQL says of one coupon, read at one instant.</summary>
internal sealed class LedgerReading
{
    private LedgerReading(CouponRow coupon) => Coupon = coupon;

    /// <summary>The coupon's row.</summary>
    public CouponRow Coupon { get; }

    /// <summary>How many rows there are up to the last ordinal asked for.</summary>
    public long Persisted { get; private set; }

    /// <summary>The largest ordinal of a row; 0: none.</summary>
    public long LastPersisted { get; private set; }

    /// <summary>The ordinals up to the last one asked for that have no row, as ranges (both ends inclusive), ascending.</summary>
    public List<(long From, long To)> Gaps { get; } = [];

    /// <summary>Dead letters that hold their seat.</summary>
    public OrdinalSet DeadLetters { get; } = new();

    /// <summary>Discarded by an operator: nobody's for good.</summary>
    public OrdinalSet Discarded { get; } = new();

    /// <summary>Forgotten by Redis: nobody's, unless they turn up after all.</summary>
    public OrdinalSet Forgotten { get; } = new();

    /// <summary>Reads it.</summary>
    /// <param name="context">A context of its own.</param>
    /// <param name="couponId">The coupon.</param>
    /// <param name="lastOrdinal">Up to which ordinal to look; null: up to the last that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: there is no such coupon.</returns>
    public static async Task<LedgerReading?> ReadAsync(CouponDbContext context, long couponId, long? lastOrdinal, CancellationToken cancellationToken)
    {
        // Repeatable read: all of it is one snapshot.
        var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var coupon = await context.Coupons.AsNoTracking().SingleOrDefaultAsync(row => row.Id == couponId, cancellationToken).ConfigureAwait(false);
            if (coupon is null) return null;
            var reading = new LedgerReading(coupon);
            await reading.ReadLettersAsync(context, cancellationToken).ConfigureAwait(false);
            await reading.ReadRowsAsync(context, lastOrdinal, cancellationToken).ConfigureAwait(false);
            return reading;
        }
    }

    private async Task ReadLettersAsync(CouponDbContext context, CancellationToken cancellationToken)
    {
        var letters = await context.DeadLetters.AsNoTracking().Where(letter => letter.CouponId == Coupon.Id && letter.Ordinal > 0)
            .Select(letter => new { Ordinal = letter.Ordinal!.Value, letter.State, letter.OrdinalVoided }).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var letter in letters)
        {
            if (letter.OrdinalVoided) Discarded.Add(letter.Ordinal);
            else if (letter.State is DeadLetterState.Open or DeadLetterState.Replayed) DeadLetters.Add(letter.Ordinal);
        }

        var forgotten = await context.ForgottenOrdinals.AsNoTracking().Where(row => row.CouponId == Coupon.Id)
            .Select(row => row.Ordinal).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var ordinal in forgotten) Forgotten.Add(ordinal);
    }

    private async Task ReadRowsAsync(CouponDbContext context, long? lastOrdinal, CancellationToken cancellationToken)
    {
        var rows = context.IssuedCoupons.Where(issued => issued.CouponId == Coupon.Id);
        LastPersisted = await rows.MaxAsync(issued => (long?)issued.Ordinal, cancellationToken).ConfigureAwait(false) ?? 0;
        var last = lastOrdinal ?? Math.Max(LastPersisted, Math.Max(DeadLetters.Max, Math.Max(Discarded.Max, Forgotten.Max)));
        Persisted = await rows.LongCountAsync(issued => issued.Ordinal <= last, cancellationToken).ConfigureAwait(false);
        if (Persisted == last) return;

        // One walk along the primary key, and only where something is missing at all.
        var before = await context.Database.SqlQuery<Gap>($"""
            SELECT previous + 1 AS `From`, ordinal - 1 AS `To`
            FROM (
              SELECT ordinal, COALESCE(LAG(ordinal) OVER (ORDER BY ordinal), 0) AS previous
              FROM issued_coupons WHERE coupon_id = {Coupon.Id} AND ordinal <= {last}
            ) AS walked
            WHERE ordinal > previous + 1
            """).ToListAsync(cancellationToken).ConfigureAwait(false);
        Gaps.AddRange(before.Select(gap => (gap.From, gap.To)).Order());
        var end = Math.Min(LastPersisted, last);
        if (LastPersisted > last) end = await rows.Where(issued => issued.Ordinal <= last).MaxAsync(issued => (long?)issued.Ordinal, cancellationToken).ConfigureAwait(false) ?? 0;
        if (end < last) Gaps.Add((end + 1, last));
    }

    private sealed record Gap(long From, long To);
}
