using System.Globalization;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>
/// What a session of MySQL has read so far (https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html#statvar_Handler_read_first). All
/// statements have to go through one connection that is never reset: see <see cref="OnlyOne"/>.
/// </summary>
/// <param name="ByIndex">Entries that were read along an index, or found in it.</param>
/// <param name="ByScan">Rows that were read one after the other, of a table or of the result of a step.</param>
internal sealed record RowsRead(long ByIndex, long ByScan)
{
    /// <summary>A connection string whose pool has one connection.</summary>
    public static string OnlyOne(string database) =>
        new MySqlConnectionStringBuilder(database) { MaximumPoolSize = 1, ConnectionReset = false }.ConnectionString;

    /// <summary>What some work reads.</summary>
    public static async Task<RowsRead> ByAsync(MySqlDataSource database, Func<Task> work)
    {
        var before = await NowAsync(database);
        await work();
        var after = await NowAsync(database);
        return new RowsRead(after.ByIndex - before.ByIndex, after.ByScan - before.ByScan);
    }

    private static async Task<RowsRead> NowAsync(MySqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        var counters = (await connection.QueryAsync<(string Name, string Value)>("SHOW SESSION STATUS LIKE 'Handler_read%'")).ToDictionary(
            counter => counter.Name,
            counter => long.Parse(counter.Value, CultureInfo.InvariantCulture),
            StringComparer.OrdinalIgnoreCase
        );
        return new RowsRead(
            counters["Handler_read_key"] + counters["Handler_read_next"] + counters["Handler_read_prev"],
            counters["Handler_read_rnd_next"]
        );
    }
}
