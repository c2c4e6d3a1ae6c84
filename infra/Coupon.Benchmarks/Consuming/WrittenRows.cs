using System.Globalization;
using MySqlConnector;

namespace Coupon.Benchmarks.Consuming;

/// <summary>How a coupon's rows came into MySQL, by the clock of the database: the same measure for everybody who writes.</summary>
/// <param name="PerSecond">
/// Rows a second from the start of the first transaction to the start of the last; the rows of one that started then are not counted, only the time of the first.
/// Two that start together flatter a rate by half a transaction, so only contenders with as many at a time can be held against each other to the percent.
/// </param>
/// <param name="Commits">Transactions of the server meanwhile.</param>
internal sealed record WrittenRows(double PerSecond, long Commits)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(3);

    /// <summary>Waits until all rows of some coupons, with ids in a row, are there.</summary>
    /// <exception cref="TimeoutException">They were not, within three minutes.</exception>
    public static async Task<WrittenRows> WaitAsync(string mySql, IReadOnlyList<long> couponIds, int count, long commitsBefore)
    {
        var (first, last) = (couponIds[0], couponIds[^1]);
        await using var connection = new MySqlConnection(mySql);
        await connection.OpenAsync();
        var started = TimeProvider.System.GetTimestamp();
        while (Number(await ScalarAsync(connection, $"SELECT SUM(issued_quantity) FROM coupons WHERE id BETWEEN {first} AND {last}")) < count)
        {
            if (TimeProvider.System.GetElapsedTime(started) > _timeout) throw new TimeoutException($"{count} rows of the coupons from {first} on are not there after {_timeout}.");
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }

        var commits = await CommitsAsync(mySql) - commitsBefore;
        var rate = await ScalarAsync(connection, $"""
            SELECT (COUNT(*) - SUM(persisted_at = bounds.since)) / (TIMESTAMPDIFF(MICROSECOND, bounds.since, bounds.until) / 1000000)
            FROM issued_coupons, (SELECT MIN(persisted_at) AS since, MAX(persisted_at) AS until FROM issued_coupons WHERE coupon_id BETWEEN {first} AND {last}) bounds
            WHERE coupon_id BETWEEN {first} AND {last} GROUP BY bounds.since, bounds.until
            """);
        return new WrittenRows(Convert.ToDouble(rate, CultureInfo.InvariantCulture), commits);
    }

    /// <summary>Committed transactions since the server started.</summary>
    public static async Task<long> CommitsAsync(string mySql)
    {
        await using var connection = new MySqlConnection(mySql);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("SHOW GLOBAL STATUS LIKE 'Com_commit'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return long.Parse(reader.GetString(1), CultureInfo.InvariantCulture);
    }

    private static async Task<object?> ScalarAsync(MySqlConnection connection, FormattableString sql)
    {
#pragma warning disable CA2100 // Only numbers are put into it.
        await using var command = new MySqlCommand(sql.ToString(CultureInfo.InvariantCulture), connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
