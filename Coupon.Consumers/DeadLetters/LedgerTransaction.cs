using System.Data;
using System.Globalization;
using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// How a step in the ledger reads before it decides: what it decides about it locks first, and then looks. READ COMMITTED, because the default of
/// MySQL lets a transaction go on seeing what was there when it first looked, however long it has waited for a lock since.
/// </summary>
internal static class LedgerTransaction
{
    public static Task<IDbContextTransaction> BeginLedgerTransactionAsync(this CouponDbContext context, CancellationToken cancellationToken) =>
        context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    /// <summary>What time it is on the database (UTC): leases and what the ledger records go by it, since several processes compare them.</summary>
    public static async Task<DateTime> NowAsync(this CouponDbContext context, CancellationToken cancellationToken) =>
        DateTime.SpecifyKind(
            await context.Database.SqlQuery<DateTime>($"SELECT UTC_TIMESTAMP(3) AS Value").SingleAsync(cancellationToken),
            DateTimeKind.Utc
        );

    /// <summary>The entries as they are now, locked until the transaction ends, always in the same order. What does not exist is left out.</summary>
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
    /// The coupon as it is now, locked; null: it does not exist. Whoever locks entries as well locks the coupon first, as writers of rows do.
    /// </summary>
    public static async Task<CouponRow?> LockAsync(this DbSet<CouponRow> coupons, long? id, CancellationToken cancellationToken) =>
        id is null
            ? null
            : (await coupons.FromSql($"SELECT * FROM coupons WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();
}
