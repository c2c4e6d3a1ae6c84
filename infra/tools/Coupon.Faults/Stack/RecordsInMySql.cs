using Coupon.Faults.Histories;
using Coupon.Sale.Books;
using Dapper;
using MySqlConnector;

namespace Coupon.Faults.Stack;

/// <summary>What MySQL has of a coupon, read past the links.</summary>
internal sealed class RecordsInMySql(Func<string> connectionString, long couponId, string topic)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>The number of rows; null: MySQL does not answer.</summary>
    public async Task<long?> TryCountRowsAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_patience);
        try
        {
            await using var connection = new MySqlConnection(connectionString());
            await connection.OpenAsync(timeout.Token);
            return await connection.ExecuteScalarAsync<long>(
                new CommandDefinition(
                    "SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = @couponId",
                    new { couponId },
                    cancellationToken: timeout.Token
                )
            );
        }
        catch (Exception exception)
            when (exception is MySqlException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Whether an operator has sent a dead letter back, and it is not known yet what came of it.</summary>
    public async Task<bool> HasReplayedLettersAsync(CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(connectionString());
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("SELECT EXISTS (SELECT 1 FROM dead_letters WHERE state = 'Replayed')", cancellationToken: cancellationToken)
        );
    }

    /// <summary>Users with two rows of a coupon, whichever it is.</summary>
    public async Task<IReadOnlyList<(long CouponId, long UserId)>> UsersWithTwoRowsAsync()
    {
        await using var connection = new MySqlConnection(connectionString());
        return [.. await connection.QueryAsync<(long, long)>("SELECT coupon_id, user_id FROM issued_coupons GROUP BY 1, 2 HAVING COUNT(*) > 1")];
    }

    /// <summary>Those of some coupons that MySQL has, or of which it has rows.</summary>
    public async Task<IReadOnlyList<long>> ThereAsync(IEnumerable<long> coupons)
    {
        await using var connection = new MySqlConnection(connectionString());
        var ids = coupons.Append(0);
        return
        [
            .. await connection.QueryAsync<long>(
                "SELECT id FROM coupons WHERE id IN @ids UNION SELECT coupon_id FROM issued_coupons WHERE coupon_id IN @ids",
                new { ids }
            ),
        ];
    }

    public async Task<(IReadOnlyList<SeatRow> Rows, IReadOnlyList<LetterRow> Letters, IReadOnlyList<long> Forgotten, long Total)> ReadAsync(
        CancellationToken cancellationToken
    )
    {
        await using var connection = new MySqlConnection(connectionString());
        await connection.OpenAsync(cancellationToken);
        var rows = await new CouponRows(connectionString(), couponId).ReadUserByOrdinalAsync(cancellationToken);
        var letters = await connection.QueryAsync<LetterRow>(
            """
            SELECT partition_id AS `Partition`, offset_id AS `Offset`, state AS State, cause AS Cause, coupon_id AS CouponId, ordinal AS Ordinal,
                   user_id AS UserId
            FROM dead_letters WHERE topic = @topic
            """,
            new { topic }
        );
        var forgotten = await connection.QueryAsync<long>("SELECT ordinal FROM forgotten_ordinals WHERE coupon_id = @couponId", new { couponId });
        var total = await connection.ExecuteScalarAsync<long>("SELECT total_quantity FROM coupons WHERE id = @couponId", new { couponId });
        return ([.. rows.Select(row => new SeatRow(row.Key, row.Value))], [.. letters], [.. forgotten], total);
    }
}
