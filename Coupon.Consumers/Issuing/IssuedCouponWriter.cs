using Coupon.Consumers.Consumption;
using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Writes a batch in one transaction: the rows in one INSERT, what they add to <c>issued_quantity</c>, and the replays that they resolve.
/// Repeatable: what is already there exactly as the message says counts as written.
/// </summary>
internal sealed class IssuedCouponWriter(IDbContextFactory<CouponDbContext> contexts, ConsumerMetrics metrics)
{
    /// <summary>The quick way supposes that everything is new. Where it is not, nothing was written, and the careful way takes a second transaction.</summary>
    /// <exception cref="Exception">Nothing was written; <see cref="DatabaseFailure.KindOf"/> says whose fault it is.</exception>
    public async Task<WriteOutcome> WriteAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken) =>
        await TryWriteNewAsync(issuances, cancellationToken) ?? await WriteCarefullyAsync(issuances, cancellationToken);

    /// <summary>Compares with what is there before it writes: one transaction, whatever it finds.</summary>
    /// <exception cref="Exception">As for <see cref="WriteAsync"/>.</exception>
    public async Task<WriteOutcome> WriteCarefullyAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken)
    {
        await using var transaction = await WriteTransaction.BeginAsync(contexts, cancellationToken);
        metrics.TransactionBegun();
        var sorted = await new BatchReconciliation(transaction).SortAsync(issuances.ToArray(), cancellationToken);
        if (sorted.New.Length > 0)
        {
            await transaction.ExecuteAsync(IssuedCouponSql.Insert(sorted.New), cancellationToken);
            foreach (var (couponId, count) in CountByCoupon(sorted.New))
                await transaction.ExecuteAsync(IssuedCouponSql.Count(couponId, count), cancellationToken);
        }
        await transaction.ResolveAsync((Issuance[])[.. sorted.New, .. sorted.Repeated], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WriteOutcome(sorted.New.Length, sorted.Repeated.Length, sorted.Rejections);
    }

    /// <summary>Goes the quick way with issuances of a coupon that does not exist: all of it but the commit, and nothing is left of it.</summary>
    public Task RehearseAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken) => TryWriteNewAsync(issuances, cancellationToken);

    private async Task<WriteOutcome?> TryWriteNewAsync(ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken)
    {
        await using var transaction = await WriteTransaction.BeginAsync(contexts, cancellationToken);
        metrics.TransactionBegun();
        try
        {
            await transaction.ExecuteAsync(IssuedCouponSql.Insert(issuances.Span), cancellationToken);

            // All counts in one round trip: a batch of many coupons would otherwise take as many as it has coupons.
            var counts = CountByCoupon(issuances.Span);
            var counting = string.Join(';', counts.Select(coupon => IssuedCouponSql.CountQuickly(coupon.Key, coupon.Value)));
            if (await transaction.ExecuteAsync(counting, cancellationToken) < counts.Count) return null;
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

    // In order of the ids: two batches that touch the same coupons must lock them in the same order.
    private static SortedDictionary<long, int> CountByCoupon(ReadOnlySpan<Issuance> issuances)
    {
        var counts = new SortedDictionary<long, int>();
        var (last, run) = (0L, 0);
        foreach (var (message, _, _) in issuances)
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
