using Coupon.Tests.Servers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace Coupon.Tests.Api.Http;

public sealed class DatabaseAwayTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_database_that_goes_away_in_the_middle_of_a_query_is_a_503_that_says_so()
    {
        var coupon = await api.CreateCouponAsync(10);
        await using var locking = await OpenAsync();
        await locking.ExecuteAsync("LOCK TABLES coupons WRITE");
        var reading = api.GetAsync($"/coupons/{coupon}");

        await using var killing = await OpenAsync();
        await Eventually.IsTrueAsync(async () => await KillWaitingQueryAsync(killing), "the query waits for the table");
        var answer = await reading;

        Assert.Equal((503, "database-unavailable"), (answer.Status, answer.Code));
        await locking.ExecuteAsync("UNLOCK TABLES");
    }

    private async Task<MySqlConnection> OpenAsync() =>
        await api.Services.GetRequiredService<MySqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);

    private static async Task<bool> KillWaitingQueryAsync(MySqlConnection connection)
    {
        var id = await connection.ExecuteScalarAsync<long?>(
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%' AND info LIKE '%coupons%'"
        );
        if (id is null)
            return false;
        await connection.ExecuteAsync($"KILL {id}");
        return true;
    }
}
