using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Stock.MySql;

/// <summary>What a MySQL server says of itself and of the database on it.</summary>
/// <param name="Server">Which server answers: its UUID; on MariaDB, which has none, host, port and number.</param>
/// <param name="StartedAt">When it was started (Unix time in seconds); 0 where its commits are durable, so that a restart loses nothing.</param>
/// <param name="Gtids">The transactions that it has executed, where it numbers them (<c>gtid_mode=ON</c>); else empty.</param>
/// <param name="HasRemembered">Whether those that are remembered are among them.</param>
/// <param name="Epoch"><see cref="DatabaseMarkRow.Epoch"/>.</param>
/// <param name="Accepted"><see cref="DatabaseMarkRow.Server"/>.</param>
/// <param name="Mark"><see cref="DatabaseMarkRow.Mark"/>.</param>
internal sealed record DatabaseReading(string Server, long StartedAt, string Gtids, bool HasRemembered, long Epoch, string Accepted, long Mark)
{
    private const string MySqlServer =
        "SELECT @@server_uuid AS Server, @@innodb_flush_log_at_trx_commit = 1 AS IsDurable, "
        + "IF(@@GLOBAL.gtid_mode = 'ON', @@GLOBAL.gtid_executed, '') AS Gtids";

    private const string MariaDbServer =
        "SELECT CONCAT(@@hostname, ':', @@port, '/', @@server_id) AS Server, @@innodb_flush_log_at_trx_commit = 1 AS IsDurable, '' AS Gtids";

    /// <summary>Asks for all of it on one connection, so that one server answers.</summary>
    public static async Task<DatabaseReading> ReadAsync(MySqlConnection connection, string rememberedGtids, CancellationToken cancellationToken)
    {
        var isMariaDb = connection.ServerVersion.Contains("MariaDB", StringComparison.Ordinal);
        var (server, isDurable, gtids) = await connection.QuerySingleAsync<(string Server, bool IsDurable, string Gtids)>(
            new CommandDefinition(isMariaDb ? MariaDbServer : MySqlServer, cancellationToken: cancellationToken)
        );
        var has =
            gtids.Length == 0
            || rememberedGtids.Length == 0
            || await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(
                    "SELECT GTID_SUBSET(@rememberedGtids, @@GLOBAL.gtid_executed)",
                    new { rememberedGtids },
                    cancellationToken: cancellationToken
                )
            );
        var startedAt = isDurable ? 0 : await StartedAtAsync(connection, cancellationToken);
        var (epoch, accepted, mark) = await connection.QuerySingleAsync<(long, string, long)>(
            new CommandDefinition(
                "SELECT epoch, server, mark FROM database_mark WHERE id = @OnlyId",
                new { DatabaseMarkRow.OnlyId },
                cancellationToken: cancellationToken
            )
        );
        return new DatabaseReading(server, startedAt, gtids, has, epoch, accepted, mark);
    }

    private static async Task<long> StartedAtAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var (_, uptime) = await connection.QuerySingleAsync<(string Name, string Value)>(
            new CommandDefinition("SHOW GLOBAL STATUS LIKE 'Uptime'", cancellationToken: cancellationToken)
        );
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT UNIX_TIMESTAMP() - CAST(@uptime AS SIGNED)", new { uptime }, cancellationToken: cancellationToken)
        );
    }
}
