using System.Globalization;
using MySqlConnector;

namespace Coupon.Benchmarks.Sales;

/// <summary>The times in the rows of a sale: when Redis gave each seat and when MySQL wrote it. Both clocks are on this machine.</summary>
/// <param name="Issued">Milliseconds since the first seat was taken, one entry a row, ascending.</param>
/// <param name="Persisted">The same for the writing.</param>
internal sealed record WrittenSale(IReadOnlyList<double> Issued, IReadOnlyList<double> Persisted)
{
    public double PersistedPerSecond => Persisted.Count / (Persisted[^1] / 1000);

    public double DrainSeconds => (Persisted[^1] - Issued[^1]) / 1000;

    public static async Task<WrittenSale> ReadAsync(string mySql, long couponId)
    {
        await using var connection = new MySqlConnection(mySql);
        await connection.OpenAsync();
        var issued = await ReadAsync(connection, couponId, "issued_at");
        var persisted = await ReadAsync(connection, couponId, "persisted_at");
        var start = issued[0];
        return new WrittenSale([.. issued.Select(at => at - start)], [.. persisted.Select(at => at - start)]);
    }

    private static async Task<List<double>> ReadAsync(MySqlConnection connection, long couponId, string column)
    {
#pragma warning disable CA2100 // A column's name and a number.
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT TIMESTAMPDIFF(MICROSECOND, '2020-01-01', {column}) / 1000 AS at FROM issued_coupons WHERE coupon_id = {couponId} ORDER BY at"
        );
        await using var command = new MySqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        List<double> times = [];
        while (await reader.ReadAsync())
            times.Add(Convert.ToDouble(reader.GetValue(0), CultureInfo.InvariantCulture));
        return times;
    }
}
