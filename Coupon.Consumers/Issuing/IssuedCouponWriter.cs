using System.Diagnostics.Metrics;
using Coupon.Database;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Writes a batch in one transaction: the rows, their number in <c>issued_quantity</c>, and the dead letters that they resolve. Repeatable: a row
/// that is there exactly as the message says counts as written.
/// </summary>
/// <param name="database">Where to write.</param>
/// <param name="loading">The quicker way for large batches.</param>
/// <param name="transactions">Counts the transactions.</param>
/// <param name="durations">Measures them; null: nobody does.</param>
/// <param name="time">The clock of the measure.</param>
internal sealed class IssuedCouponWriter(
    MySqlDataSource database,
    RowLoading loading,
    Counter<long> transactions,
    Histogram<double>? durations,
    TimeProvider time
)
{
    private static readonly KeyValuePair<string, object?> _committed = new("result", "committed");
    private static readonly KeyValuePair<string, object?> _repeated = new("result", "repeated");
    private static readonly KeyValuePair<string, object?> _failed = new("result", "failed");

    /// <summary>
    /// Inserts on the assumption that everything is new. Where it is not, nothing is written, and a second transaction compares first.
    /// </summary>
    /// <exception cref="Exception">Nothing was written; <see cref="DatabaseFailure.KindOf"/> tells whether the data is at fault.</exception>
    public async Task<WriteOutcome> WriteAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken) =>
        await MeasuredAsync(TryWriteNewAsync, issuances, cancellationToken) ?? await WriteCarefullyAsync(issuances, cancellationToken);

    /// <summary>Compares with the rows that are there before it writes, all in one transaction.</summary>
    /// <exception cref="Exception">As for <see cref="WriteAsync"/>.</exception>
    public async Task<WriteOutcome> WriteCarefullyAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken) =>
        (await MeasuredAsync(WriteComparedAsync, issuances, cancellationToken))!;

    private async Task<WriteOutcome?> WriteComparedAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(cancellationToken);
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
        await using var transaction = await BeginAsync(cancellationToken);
        try
        {
            var counts = CountByCoupon(issuances.Span);
            var loaded = await loading.TryAsync(transaction, issuances, cancellationToken);

            // The rest in one round trip, the counts too: one round trip for each coupon would slow down batches of many coupons.
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

    private async Task<WriteOutcome?> MeasuredAsync(
        Func<ReadOnlyMemory<Issuance>, CancellationToken, Task<WriteOutcome?>> write,
        ReadOnlyMemory<Issuance> issuances,
        CancellationToken cancellationToken
    )
    {
        using var span = TransactionSpan.Start(database, issuances.Length);
        var (began, result) = (time.GetTimestamp(), _failed);
        try
        {
            var outcome = await write(issuances, cancellationToken);
            result = outcome is null ? _repeated : _committed;
            if (outcome is not null)
                span?.Committed(outcome);
            return outcome;
        }
        catch (Exception exception) when (span is not null)
        {
            span.Failed(exception);
            throw;
        }
        finally
        {
            durations?.Record(time.GetElapsedTime(began).TotalSeconds, result);
        }
    }

    private async Task<WriteTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var transaction = await WriteTransaction.BeginAsync(database, cancellationToken);
        transactions.Add(1);
        return transaction;
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

/// <summary>The outcome of one transaction; it has been committed.</summary>
/// <param name="Inserted">Rows that are new.</param>
/// <param name="Repeated">Messages whose row was there already, exactly as they say: success.</param>
/// <param name="Rejections">Messages that contradict the rows that are there. None of them was written.</param>
internal sealed record WriteOutcome(int Inserted, int Repeated, IReadOnlyList<Rejection> Rejections);
