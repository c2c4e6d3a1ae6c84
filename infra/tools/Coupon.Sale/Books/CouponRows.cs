using MySqlConnector;

namespace Coupon.Sale.Books;

/// <summary>Reads the rows of one coupon in MySQL.</summary>
internal sealed class CouponRows(string connectionString, long couponId)
{
    /// <summary>The number of rows, from the count on the coupon: cheap enough to read during the sale.</summary>
    public async Task<long> CountRowsAsync(CancellationToken cancellationToken) =>
        Convert.ToInt64(await ScalarAsync("SELECT issued_quantity FROM coupons WHERE id = @coupon", cancellationToken), null);

    /// <summary>How many transactions the server has committed since it started, for all clients.</summary>
    public async Task<long> CountCommitsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand("SHOW GLOBAL STATUS LIKE 'Com_commit'", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? long.Parse(reader.GetString(1), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Every row: ordinal → user.</summary>
    public async Task<Dictionary<long, long>> ReadUserByOrdinalAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand("SELECT ordinal, user_id FROM issued_coupons WHERE coupon_id = @coupon", connection);
        command.Parameters.AddWithValue("@coupon", couponId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<long, long> users = [];
        while (await reader.ReadAsync(cancellationToken))
            users.Add(reader.GetInt64(0), reader.GetInt64(1));
        return users;
    }

    /// <summary>
    /// From the decision on the last coupon to its row, by the clocks of Redis and MySQL, which are on this machine; null if there are no rows.
    /// </summary>
    public async Task<TimeSpan?> ReadDrainAsync(CancellationToken cancellationToken)
    {
        const string sql = "SELECT TIMESTAMPDIFF(MICROSECOND, MAX(issued_at), MAX(persisted_at)) FROM issued_coupons WHERE coupon_id = @coupon";
        return await ScalarAsync(sql, cancellationToken) is long microseconds ? TimeSpan.FromMicroseconds(microseconds) : null;
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        command.Parameters.AddWithValue("@coupon", couponId);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
