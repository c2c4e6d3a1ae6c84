using Coupon.Consumers.Consumption;
using Coupon.Database;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Writes a batch in one transaction: the rows, what they add to <c>issued_quantity</c>, and the replays that they resolve.
/// Repeatable: what is already there exactly as the message says counts as written.
/// </summary>
/// <param name="database">Where to write.</param>
/// <param name="loading">The quicker way for large batches.</param>
/// <param name="metrics">What is counted.</param>
/// <param name="rehearses">The coupon of all issuances is nobody's: nothing is left of them.</param>
internal sealed class IssuedCouponWriter(MySqlDataSource database, RowLoading loading, ConsumerMetrics metrics, bool rehearses = false)
{
    /// <summary>One that does everything and leaves nothing.</summary>
    public IssuedCouponWriter Rehearsing() => new(database, loading, metrics, rehearses: true);

    /// <summary>
    /// The quick way supposes that everything is new. Where it is not, nothing was written, and the careful way takes a second transaction.
    /// </summary>
    /// <exception cref="Exception">Nothing was written; <see cref="DatabaseFailure.KindOf"/> says whose fault it is.</exception>
    public async Task<WriteOutcome> WriteAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken)
    {
        if (await TryWriteNewAsync(issuances, cancellationToken) is { } written)
            return written;
        if (!rehearses)
            return await WriteCarefullyAsync(issuances, cancellationToken);

        // Rolled back, since there is no such coupon. What is left to rehearse is a commit.
        await using var nothing = await WriteTransaction.BeginAsync(database, cancellationToken);
        await nothing.CommitAsync(cancellationToken);
        return new WriteOutcome(0, 0, []);
    }

    /// <summary>Compares with what is there before it writes: one transaction, whatever it finds.</summary>
    /// <exception cref="Exception">As for <see cref="WriteAsync"/>.</exception>
    public async Task<WriteOutcome> WriteCarefullyAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken)
    {
        await using var transaction = await WriteTransaction.BeginAsync(database, cancellationToken);
        metrics.TransactionBegun();
        var sorted = await new BatchReconciliation(transaction).SortAsync(issuances.ToArray(), cancellationToken);
        if (sorted.New.Length > 0)
            await transaction.ExecuteAsync(
                [.. InsertStatements.Of(sorted.New), .. IssuedCouponSql.Count(CountByCoupon(sorted.New))],
                cancellationToken
            );
        await transaction.ResolveAsync((Issuance[])[.. sorted.New, .. sorted.Repeated], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WriteOutcome(sorted.New.Length, sorted.Repeated.Length, sorted.Rejections);
    }

    private async Task<WriteOutcome?> TryWriteNewAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken)
    {
        await using var transaction = await WriteTransaction.BeginAsync(database, cancellationToken);
        metrics.TransactionBegun(rehearses);
        try
        {
            var counts = CountByCoupon(issuances.Span);
            var loaded = await loading.TryAsync(transaction, issuances, cancellationToken);

            // What is left in one round trip, the counts too: a batch of many coupons would otherwise take as many as it has coupons.
            IEnumerable<string> inserts = loaded ? [] : InsertStatements.Of(issuances.Span);
            var affected = await transaction.ExecuteAsync([.. inserts, .. IssuedCouponSql.CountQuickly(counts)], cancellationToken);
            if (affected < (loaded ? 0 : issuances.Length) + counts.Count)
                return null;
        }
        catch (MySqlException exception) when (DatabaseFailure.IsDuplicateKey(exception) || IsOverIssued(exception))
        {
            return null;
        }
        await transaction.ResolveAsync(issuances, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WriteOutcome(issuances.Length, 0, []);
    }

    private static bool IsOverIssued(MySqlException exception) =>
        DatabaseFailure.IsCheckViolated(exception) && exception.Message.Contains(CouponRow.NotOversoldConstraint, StringComparison.Ordinal);

    private static SortedDictionary<long, int> CountByCoupon(ReadOnlySpan<Issuance> issuances)
    {
        var counts = new SortedDictionary<long, int>();
        var (last, run) = (0L, 0);
        foreach (var (message, _) in issuances)
        {
            if (message.CouponId != last && run > 0)
            {
                counts[last] = counts.GetValueOrDefault(last) + run;
                run = 0;
            }
            (last, run) = (message.CouponId, run + 1);
        }
        counts[last] = counts.GetValueOrDefault(last) + run;
        return counts;
    }
}
