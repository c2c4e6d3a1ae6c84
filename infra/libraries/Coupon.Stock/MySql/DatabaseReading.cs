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
        + "IF(@@GLOBAL.gtid_mode = 'ON', @@GLOBAL.gtid_executed, '') AS Gtids, "
        + "IF(@@GLOBAL.gtid_mode = 'ON' AND @rememberedGtids <> '' AND @@GLOBAL.gtid_executed <> '', "
        + "GTID_SUBSET(@rememberedGtids, @@GLOBAL.gtid_executed), 1) AS HasRemembered";

    private const string MariaDbServer =
        "SELECT CONCAT(@@hostname, ':', @@port, '/', @@server_id) AS Server, @@innodb_flush_log_at_trx_commit = 1 AS IsDurable, '' AS Gtids, "
        + "1 AS HasRemembered";

    private const string OwnMark = "SELECT epoch, server, mark FROM database_mark WHERE id = @OnlyId";

    /// <summary>Asks for all of it on one connection, so that one server answers, and where a restart loses nothing in one round trip.</summary>
    public static async Task<DatabaseReading> ReadAsync(MySqlConnection connection, string rememberedGtids, CancellationToken cancellationToken)
    {
        var isMariaDb = connection.ServerVersion.Contains("MariaDB", StringComparison.Ordinal);
        var command = new CommandDefinition(
            $"{(isMariaDb ? MariaDbServer : MySqlServer)}; {OwnMark}",
            new { rememberedGtids, DatabaseMarkRow.OnlyId },
            cancellationToken: cancellationToken
        );
        (string Server, bool IsDurable, string Gtids, bool HasRemembered) itself;
        (long Epoch, string Accepted, long Mark) own;
        await using (var answers = await connection.QueryMultipleAsync(command))
        {
            itself = await answers.ReadSingleAsync<(string, bool, string, bool)>();
            own = await answers.ReadSingleAsync<(long, string, long)>();
        }

        var startedAt = itself.IsDurable ? 0 : await StartedAtAsync(connection, cancellationToken);
        return new DatabaseReading(itself.Server, startedAt, itself.Gtids, itself.HasRemembered, own.Epoch, own.Accepted, own.Mark);
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
