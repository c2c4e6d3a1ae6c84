using Coupon.Tests.Servers;
using MySqlConnector;

namespace Coupon.Tests.Api.Problems;

public sealed class DatabaseAwayTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_database_that_goes_away_in_the_middle_of_a_query_is_a_503_that_says_so()
    {
        var coupon = await api.CreateCouponAsync(10);
        await using var locking = await OpenAsync();
        await ExecuteAsync(locking, "LOCK TABLES coupons WRITE");
        var reading = api.GetAsync($"/coupons/{coupon}");

        await using var killing = await OpenAsync();
        await Eventually.IsTrueAsync(async () => await KillWhoWaitsAsync(killing), "the query waits for the table");
        var answer = await reading;

        Assert.Equal((503, "database-unavailable"), (answer.Status, answer.Code));
        await ExecuteAsync(locking, "UNLOCK TABLES");
    }

    private async Task<MySqlConnection> OpenAsync()
    {
        var connection = new MySqlConnection(api.Service.MySql);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task<bool> KillWhoWaitsAsync(MySqlConnection connection)
    {
        await using var command = new MySqlCommand(
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%' AND info LIKE '%coupons%'", connection);
        if (await command.ExecuteScalarAsync() is not { } id) return false;
        await ExecuteAsync(connection, $"KILL {id}");
        return true;
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Nothing but a number of the server's is in it.
        await using var command = new MySqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
