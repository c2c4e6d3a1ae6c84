using Dapper;
using MySqlConnector;

namespace Coupon.Api.Durability;

/// <summary>Compares the configuration of MySQL with docs/durability.md at start, and warns where it is weaker.</summary>
internal sealed class MySqlDurability(MySqlDataSource database, TimeProvider time, ILogger<MySqlDurability> logger) : StartUpCheck(time)
{
    protected override async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QuerySingleAsync<(long FlushLog, long SyncBinlog, long LogBin)>(
            new CommandDefinition("SELECT @@innodb_flush_log_at_trx_commit, @@sync_binlog, @@log_bin", cancellationToken: cancellationToken)
        );
        if (found.FlushLog != 1)
            Log.MySqlIsWeaker(
                logger,
                "innodb_flush_log_at_trx_commit",
                found.FlushLog,
                "up to a second of rows is lost whose messages count as read; the balance names them"
            );
        if (found.LogBin != 0 && found.SyncBinlog != 1)
            Log.MySqlIsWeaker(
                logger,
                "sync_binlog",
                found.SyncBinlog,
                "replicas, and whatever is restored from the binary log, may lack the last rows"
            );
        return true;
    }

    protected override void CannotAsk(string reason) => Log.MySqlConfigUnreadable(logger, reason);
}
