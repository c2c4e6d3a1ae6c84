using Coupon.Database;
using Dapper;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.MySql;

/// <summary>
/// Protects the service from a MySQL that may have gone back in time: a failover to a replica that is behind, a restored backup, an old primary that
/// answers again. docs/rebuild.md has the whole design.
/// </summary>
public sealed class DatabaseFence : IDisposable
{
    private readonly MySqlDataSource _database;
    private readonly DatabaseRecord _record;
    private readonly ILogger<DatabaseFence> _logger;
    private readonly SemaphoreSlim _one = new(1);
    private volatile DatabaseDoubt? _doubt;
    private RememberedDatabase? _seen;
    private string? _lastServer;

    internal DatabaseFence(MySqlDataSource database, IConnectionMultiplexer redis, ILogger<DatabaseFence> logger) =>
        (_database, _record, _logger) = (database, new DatabaseRecord(redis), logger);

    /// <summary>Why MySQL must not be believed, as of the last look; null: it may be.</summary>
    public DatabaseDoubt? Doubt => _doubt;

    /// <summary>Raised, with the reason, when a doubt appears.</summary>
    public event Action<string>? Doubted;

    /// <summary>Looks which server answers and whether it knows all that was seen of it; leaves a new mark where it does.</summary>
    /// <returns>Why it must not be believed; null: it may be.</returns>
    /// <exception cref="MySqlException">No server answers, so nothing is known.</exception>
    public async Task<DatabaseDoubt?> CheckAsync(CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // The record is read first: writes of other processes in between must not make the server look as if it were behind.
            var remembered = RememberedDatabase.Later(_seen, await _record.ReadAsync());
            var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using (connection)
            {
                var reading = await DatabaseReading.ReadAsync(connection, remembered?.Gtids ?? "", cancellationToken);
                var doubt = RememberedDatabase.Judge(reading, remembered);
                if (doubt is null)
                    await TrustAsync(connection, reading, cancellationToken);
                else
                    await DistrustAsync(doubt, connection, cancellationToken);
                _lastServer = reading.Server;
                return doubt;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Reports a missing row that must exist, so that everything is verified and the row is written again.</summary>
    public Task ReportMissingAsync(string what)
    {
        Log.DatabaseDoubted(_logger, what);
        Doubted?.Invoke(what);
        return _record.DoubtAsync(what, isNew: false);
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    /// <summary>Which server answers now.</summary>
    internal async Task<string> ServerAsync(CancellationToken cancellationToken)
    {
        var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            return (await DatabaseReading.ReadAsync(connection, "", cancellationToken)).Server;
        }
    }

    /// <summary>Accepts this server: everything has been verified against it, and its lost rows were written again.</summary>
    /// <exception cref="VerificationInterruptedException">Another one answers by now.</exception>
    internal async Task AcceptAsync(string server, CancellationToken cancellationToken)
    {
        var remembered = RememberedDatabase.Later(_seen, await _record.ReadAsync());
        var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var reading = await DatabaseReading.ReadAsync(connection, "", cancellationToken);
            if (reading.Server != server)
                throw new VerificationInterruptedException("MySQL has failed over again during the verification.");
            var epoch = Math.Max(reading.Epoch, remembered?.Epoch ?? 0) + 1;
            var mark = Math.Max(reading.Mark, remembered?.Mark ?? 0) + 1;
            await connection.ExecuteAsync(
                new CommandDefinition(
                    "UPDATE database_mark SET epoch = @epoch, server = @server, mark = GREATEST(mark, @mark) WHERE id = @OnlyId",
                    new
                    {
                        epoch,
                        server,
                        mark,
                        DatabaseMarkRow.OnlyId,
                    },
                    cancellationToken: cancellationToken
                )
            );
            var accepted = new RememberedDatabase(epoch, server, mark, reading.Gtids, reading.StartedAt);
            await _record.WriteAsync(accepted);
            (_seen, _doubt) = (accepted, null);
            Log.DatabaseAccepted(_logger, server, epoch);
        }
    }

    private async Task TrustAsync(MySqlConnection connection, DatabaseReading reading, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE database_mark SET mark = LAST_INSERT_ID(mark + 1), epoch = IF(server = '', epoch + 1, epoch),
                  server = IF(server = '', @Server, server)
                WHERE id = @OnlyId
                """,
                new { reading.Server, DatabaseMarkRow.OnlyId },
                cancellationToken: cancellationToken
            )
        );
        var (epoch, mark) = await connection.QuerySingleAsync<(long, long)>(
            new CommandDefinition(
                "SELECT epoch, CAST(LAST_INSERT_ID() AS SIGNED) FROM database_mark WHERE id = @OnlyId",
                new { DatabaseMarkRow.OnlyId },
                cancellationToken: cancellationToken
            )
        );
        _seen = new RememberedDatabase(epoch, reading.Server, mark, reading.Gtids, reading.StartedAt);
        await _record.WriteAsync(_seen);
        _doubt = null;

        // Until it noticed the failover, this process may have written to the previous server after the verification against this one.
        if (_lastServer is not null && _lastServer != reading.Server)
            await RaiseAsync($"a process was connected to the MySQL server {_lastServer} until now, in place of {reading.Server}");
    }

    private async Task DistrustAsync(DatabaseDoubt doubt, MySqlConnection connection, CancellationToken cancellationToken)
    {
        var isNew = _doubt is null;
        _doubt = doubt;
        if (doubt.WasReplaced)
        {
            if (isNew)
                Log.DatabaseDoubted(_logger, doubt.Reason);
            if (isNew)
                Doubted?.Invoke(doubt.Reason);
        }
        else if (isNew)
        {
            await RaiseAsync(doubt.Reason);
        }
        else
        {
            await _record.DoubtAsync(doubt.Reason, isNew: false);
        }

        // Older connections may lead to another server than new ones.
        if (isNew || doubt.WasReplaced)
            await MySqlConnection.ClearPoolAsync(connection, cancellationToken);
    }

    private async Task RaiseAsync(string reason)
    {
        Log.DatabaseDoubted(_logger, reason);
        await _record.DoubtAsync(reason, isNew: true);
        Doubted?.Invoke(reason);
    }
}
