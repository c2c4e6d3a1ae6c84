using Coupon.Database;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Api.Durability;

/// <summary>Compares the configuration of MySQL with what docs/durability.md promises, at start, and warns where it is weaker.</summary>
internal sealed class MySqlDurability(IDbContextFactory<CouponDbContext> databases, TimeProvider time, ILogger<MySqlDurability> logger) : StartUpCheck(time)
{
    protected override async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = await database.Database.SqlQuery<Settings>(
            $"SELECT @@innodb_flush_log_at_trx_commit AS FlushLog, @@sync_binlog AS SyncBinlog, @@log_bin AS LogBin").SingleAsync(cancellationToken);
        if (found.FlushLog != 1)
            Log.MySqlIsWeaker(logger, "innodb_flush_log_at_trx_commit", found.FlushLog, "up to a second of rows is lost whose messages count as read; the balance names them");
        if (found.LogBin != 0 && found.SyncBinlog != 1)
            Log.MySqlIsWeaker(logger, "sync_binlog", found.SyncBinlog, "replicas, and whatever is restored from the binary log, may lack the last rows");
        return true;
    }

    protected override void CannotAsk(string reason) => Log.MySqlConfigUnreadable(logger, reason);

    private sealed record Settings(long FlushLog, long SyncBinlog, long LogBin);
}
