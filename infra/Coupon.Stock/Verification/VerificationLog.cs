using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Stock.Verification;

/// <summary>Verifications as MySQL records them: who runs one, what was found, and which instances have not answered yet.</summary>
internal sealed class VerificationLog(IDbContextFactory<CouponDbContext> database, TimeProvider time)
{
    private const int MaxReasonLength = 500;

    /// <summary>Records that one begins.</summary>
    /// <returns>Its id, larger than that of all before.</returns>
    public async Task<long> OpenAsync(bool everyCoupon, string reason, string requestedBy, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var row = new StockVerificationRow
        {
            EveryCoupon = everyCoupon,
            Reason = reason.Length > MaxReasonLength ? reason[..MaxReasonLength] : reason,
            RequestedBy = requestedBy,
            RequestedAt = time.GetUtcNow().UtcDateTime,
        };
        context.StockVerifications.Add(row);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return row.Id;
    }

    /// <summary>The coupons sell nothing now: from here on, instances hand back what they have under way, to the Redis that is verified and to no other.</summary>
    public async Task FencedAsync(long id, RedisIdentity redis, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await context.Database.ExecuteSqlAsync($"UPDATE stock_verifications SET fenced_at = UTC_TIMESTAMP(3), redis = {redis.Name} WHERE id = {id}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The instances that still have to answer. One that has not shown itself for longer than anything it sent can be under way is waited for
    /// only as long as a live one needs to answer; no instance is waited for longer than what it has under way can take. That an instance has settled
    /// for a later verification counts only where that one is of the same Redis.
    /// </summary>
    public async Task<List<string>> UnsettledAsync(long id, TimeSpan answerTimeout, CancellationToken cancellationToken)
    {
        var answer = (long)answerTimeout.TotalMicroseconds;
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        return await context.Database.SqlQuery<string>($"""
            SELECT instance.name AS Value
            FROM stock_instances AS instance
            JOIN stock_verifications AS verification ON verification.id = {id}
            LEFT JOIN stock_verifications AS settled ON settled.id = instance.settled_verification
            WHERE (instance.settled_verification < verification.id OR settled.redis <> verification.redis)
              AND UTC_TIMESTAMP(3) < LEAST(
                TIMESTAMPADD(MICROSECOND, instance.settles_within_ms * 1000 + {answer}, verification.fenced_at),
                GREATEST(
                  TIMESTAMPADD(MICROSECOND, instance.settles_within_ms * 1000, instance.seen_at),
                  TIMESTAMPADD(MICROSECOND, {answer}, verification.fenced_at)))
            """).ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Records the findings.</summary>
    public async Task CompletedAsync(VerificationReport report, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var found = report.Coupons;
        await context.Database.ExecuteSqlAsync($"""
            UPDATE stock_verifications
            SET completed_at = UTC_TIMESTAMP(3), coupons = {found.Count}, users_added = {found.Sum(coupon => coupon.UsersAdded)},
                ordinals_moved = {found.Sum(coupon => coupon.OrdinalAfter - coupon.OrdinalBefore)}, outbox_added = {found.Sum(coupon => coupon.OutboxAdded)},
                ordinals_forgotten = {found.Sum(coupon => coupon.OrdinalsForgotten)}
            WHERE id = {report.Id}
            """, cancellationToken).ConfigureAwait(false);
    }
}
