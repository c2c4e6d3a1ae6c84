using System.Data;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>A transaction that hand-shaped SQL runs in. Disposed without a commit, it rolls back.</summary>
internal sealed class WriteTransaction : IAsyncDisposable
{
    private readonly MySqlConnection _connection;
    private readonly MySqlTransaction _transaction;

    private WriteTransaction(MySqlConnection connection, MySqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>READ COMMITTED: the gap locks of the default would make two consumers wait for each other, and protect nothing here.</summary>
    public static async Task<WriteTransaction> BeginAsync(MySqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return new WriteTransaction(connection, await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Executes statements one after the other, in one round trip; the first that fails is the last.</summary>
    /// <returns>How many rows they affected together.</returns>
    public async Task<int> ExecuteAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        await using var batch = new MySqlBatch(_connection, _transaction);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new MySqlBatchCommand(statement));
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Loads rows with LOAD DATA LOCAL, all or none: by itself it leaves out what is there already or what a CHECK refuses, and does not say why.
    /// </summary>
    /// <returns>Whether all were added.</returns>
    public async Task<bool> TryLoadAsync(string table, RowLines rows, CancellationToken cancellationToken)
    {
        const string before = "before_the_load";
        await _transaction.SaveAsync(before, cancellationToken);

        // The loader has a time-out of its own, none unless told, in seconds whatever its documentation says; the other commands have the
        // connection's.
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
    /// Marks the dead letters that these are replays of as resolved. That they are is not believed: the entry must be of the same issuance.
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
            IssuedCouponSql.LockEntries(replays.Select(replay => replay.LedgerId).Distinct()),
            LedgerEntry.Read,
            cancellationToken
        );
        var own = replays.Where(replay => entries.Exists(entry => entry.IsOf(replay))).Select(replay => replay.LedgerId).Distinct().ToList();
        if (own.Count > 0)
            await ExecuteAsync([IssuedCouponSql.Resolve(own)], cancellationToken);
    }

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // A rollback that fails must not keep the connection from the pool.
        await using (_connection)
            await _transaction.DisposeAsync();
    }

#pragma warning disable CA2100 // Every text comes from IssuedCouponSql, which puts nothing but numbers and times into it.
    private MySqlCommand Command(string sql) => new(sql, _connection, _transaction);
#pragma warning restore CA2100
}
