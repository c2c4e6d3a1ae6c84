using System.Data;
using Coupon.Database;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Database;

public sealed class LockingTransactionTests(TestServers servers)
{
    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_session_has_a_bound_and_one_that_has_ended_in_the_pool_is_replaced()
    {
        var connectionString = await servers.CreateDatabaseAsync();
        await using var database = CouponConnections.CreateDataSource(
            new MySqlConnectionStringBuilder(connectionString) { MaximumPoolSize = 1 }.ConnectionString
        );
        int session;
        await using (var first = await database.OpenConnectionAsync(_cancel))
        {
            await using var transaction = await first.BeginLockingAsync(IsolationLevel.ReadCommitted, _cancel);
            session = first.ServerThread;
            Assert.Equal((10, 10), await BoundsAsync(first));
            await transaction.CommitAsync(_cancel);
        }

        // The pool resets a session only when it hands it out.
        await using var watching = new MySqlConnection(connectionString);
        await Eventually.IsTrueAsync(
            async () =>
                await watching.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM information_schema.processlist WHERE id = @session", new { session })
                == 0,
            "MySQL has ended the idle session"
        );

        await using var second = await database.OpenConnectionAsync(_cancel);
        Assert.NotEqual(session, second.ServerThread);
        Assert.NotEqual((10, 10), await BoundsAsync(second));
    }

    private static Task<(long Wait, long Read)> BoundsAsync(MySqlConnection connection) =>
        connection.QuerySingleAsync<(long, long)>("SELECT @@SESSION.wait_timeout, @@SESSION.net_read_timeout");
}
