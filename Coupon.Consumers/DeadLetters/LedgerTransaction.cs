using System.Data;
using System.Globalization;
using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// The transaction of a step in the ledger: it locks the rows first and reads them then. READ COMMITTED, because the snapshot of REPEATABLE READ,
/// MySQL's default, would be from before the wait for the lock (https://dev.mysql.com/doc/refman/8.4/en/innodb-consistent-read.html).
/// </summary>
internal static class LedgerTransaction
{
    public static async Task<IDbContextTransaction> BeginLedgerTransactionAsync(this CouponDbContext context, CancellationToken cancellationToken)
    {
        var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        try
        {
            await context.Database.ExecuteSqlRawAsync(LockingTransaction.EndWhereNothingIsAsked, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>The time on the database (UTC): the clock of leases and of the ledger, since several processes compare them.</summary>
    public static async Task<DateTime> NowAsync(this CouponDbContext context, CancellationToken cancellationToken) =>
        DateTime.SpecifyKind(
            await context.Database.SqlQuery<DateTime>($"SELECT UTC_TIMESTAMP(3) AS Value").SingleAsync(cancellationToken),
            DateTimeKind.Utc
        );

    /// <summary>Locks entries until the transaction ends, always in the same order, and reads them. Missing ones are left out.</summary>
    public static Task<List<DeadLetterRow>> LockAsync(
        this DbSet<DeadLetterRow> letters,
        IReadOnlyCollection<long> ids,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count == 0)
            return Task.FromResult<List<DeadLetterRow>>([]);
        var numbers = string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        var sql = $"SELECT * FROM dead_letters WHERE id IN ({numbers}) ORDER BY id FOR UPDATE";
        return letters.FromSqlRaw(sql).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Locks a coupon until the transaction ends and reads it; null: it does not exist. A transaction that locks entries too locks the coupon
    /// first, as the writers of rows do.
    /// </summary>
    public static async Task<CouponRow?> LockAsync(this DbSet<CouponRow> coupons, long? id, CancellationToken cancellationToken) =>
        id is null
            ? null
            : (await coupons.FromSql($"SELECT * FROM coupons WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();
}
