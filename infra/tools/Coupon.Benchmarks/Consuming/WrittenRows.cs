using System.Globalization;
using MySqlConnector;

namespace Coupon.Benchmarks.Consuming;

/// <summary>How fast the rows of a coupon came into MySQL, by the clock of the database: the same measure for every contender.</summary>
/// <param name="PerSecond">Rows a second from the start of the first statement until all were seen to be committed.</param>
/// <param name="Commits">Transactions of the server in that time.</param>
internal sealed record WrittenRows(double PerSecond, long Commits)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until all rows of some coupons, with ids in a row, are there.</summary>
    /// <exception cref="TimeoutException">They were not, within three minutes.</exception>
    public static async Task<WrittenRows> WaitAsync(
        string mySql,
        IReadOnlyList<long> couponIds,
        int count,
        long commitsBefore,
        CancellationToken cancellationToken
    )
    {
        var (first, last) = (couponIds[0], couponIds[^1]);
        await using var connection = new MySqlConnection(mySql);
        await connection.OpenAsync(cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var written = Number(await ScalarAsync(connection, $"SELECT SUM(issued_quantity) FROM coupons WHERE id BETWEEN {first} AND {last}"));
            if (written >= count)
                break;
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            if (elapsed > _timeout)
                throw new TimeoutException($"{count} rows of the coupons from {first} on are not there after {_timeout}.");
            await Task.Delay(Pause(elapsed, written / (double)count), TimeProvider.System, cancellationToken);
        }

        var seconds = await ScalarAsync(
            connection,
            $"""
            SELECT TIMESTAMPDIFF(MICROSECOND, MIN(persisted_at), UTC_TIMESTAMP(6)) / 1000000
            FROM issued_coupons WHERE coupon_id BETWEEN {first} AND {last}
            """
        );
        return new WrittenRows(count / Convert.ToDouble(seconds, CultureInfo.InvariantCulture), await CommitsAsync(mySql) - commitsBefore);
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

    // Half of the time that is still needed at this rate: few queries while the rows are written, since each takes CPU time from the writing, and an
    // exact end.
    private static TimeSpan Pause(TimeSpan elapsed, double part)
    {
        var half = elapsed * ((1 - part) / Math.Max(part, 0.01) / 2);
        return half < _shortest ? _shortest
            : half > _longest ? _longest
            : half;
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
