using System.Data;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>A transaction for hand-written SQL. Disposed without a commit, it rolls back.</summary>
internal sealed class WriteTransaction : IAsyncDisposable
{
    private readonly MySqlConnection _connection;
    private readonly MySqlTransaction _transaction;

    private WriteTransaction(MySqlConnection connection, MySqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>
    /// READ COMMITTED: the gap locks of REPEATABLE READ would make two consumers wait for each other, and protect nothing here
    /// (https://dev.mysql.com/doc/refman/8.4/en/innodb-transaction-isolation-levels.html).
    /// </summary>
    public static async Task<WriteTransaction> BeginAsync(MySqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return new WriteTransaction(connection, await connection.BeginLockingAsync(IsolationLevel.ReadCommitted, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Executes statements one after the other, in one round trip, up to the first that fails.</summary>
    /// <returns>How many rows they affected together.</returns>
    public async Task<int> ExecuteAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        await using var batch = new MySqlBatch(_connection, _transaction);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new MySqlBatchCommand(statement));
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Loads rows with LOAD DATA LOCAL, all or none. By itself it skips rows with a duplicate key or a violated CHECK, as with IGNORE
    /// (https://dev.mysql.com/doc/refman/8.4/en/load-data.html).
    /// </summary>
    /// <returns>Whether all were added.</returns>
    public async Task<bool> TryLoadAsync(string table, RowLines rows, CancellationToken cancellationToken)
    {
        const string before = "before_the_load";
        await _transaction.SaveAsync(before, cancellationToken);

        // The loader has no time-out by default, unlike other commands. MySqlConnector takes Timeout for seconds, though its documentation says
        // milliseconds.
        await using var usual = _connection.CreateCommand();
        var loader = new MySqlBulkLoader(_connection)
        {
            TableName = table,
            SourceStream = rows.Open(),
            FieldTerminator = ",",
            LineTerminator = "\n",
            EscapeCharacter = RowLines.Escape,
            Timeout = usual.CommandTimeout,
        };
        loader.Columns.AddRange(RowLines.Columns);
        if (await loader.LoadAsync(cancellationToken) == rows.Count)
            return true;
        await _transaction.RollbackAsync(before, cancellationToken);
        return false;
    }

    public async Task<List<T>> QueryAsync<T>(string sql, Func<MySqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>
    /// Resolves the dead letters that these issuances replay, as their headers say, where the entry is of the same issuance.
    /// </summary>
    public async Task ResolveAsync(ReadOnlyMemory<Issuance> written, CancellationToken cancellationToken)
    {
        var replays = new List<ReplayedCouponIssued>();
        foreach (var issuance in written.Span)
        {
            if (issuance.Message is ReplayedCouponIssued { LedgerId: > 0 } replayed)
                replays.Add(replayed);
        }

        if (replays.Count == 0)
            return;
        var entries = await QueryAsync(
            DeadLetterSql.LockReplayed(replays.Select(replay => replay.LedgerId).Distinct()),
            ReplayedEntry.Read,
            cancellationToken
        );
        var own = replays
            .Where(replay => entries.Exists(entry => entry.IsReplayedBy(replay, replay.LedgerId, replay.LedgerOrigin)))
            .Select(replay => replay.LedgerId)
            .Distinct()
            .ToList();
        if (own.Count > 0)
            await ExecuteAsync([DeadLetterSql.Resolve(own)], cancellationToken);
    }

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // The connection goes back to the pool also where the rollback fails.
        await using (_connection)
            await _transaction.DisposeAsync();
    }

#pragma warning disable CA2100 // Every text comes from IssuedCouponSql or DeadLetterSql, which contain numbers and constants only.
    private MySqlCommand Command(string sql) => new(sql, _connection, _transaction);
#pragma warning restore CA2100
}
