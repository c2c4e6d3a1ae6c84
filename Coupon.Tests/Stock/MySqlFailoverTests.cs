using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Tests.Stock;

/// <summary>MySQL goes back in time: what it lost, and Redis or Kafka know, is there again by itself.</summary>
public sealed class MySqlFailoverTests(TestServers servers)
{
    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failover_to_a_replica_that_is_behind_loses_nothing_that_redis_knows()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("MYSQL_HOME") is { Length: > 0 },
            "MYSQL_HOME names no MySQL. MariaDB has other options and statements for replication; a copy of its data is tested below."
        );
        await using var primary = await StartAsync(1);
        await using var replica = await StartAsync(2);
        await using var address = new SwitchedAddress(primary.Port);
        await ExecuteAsync(
            replica,
            $"CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {primary.Port}, SOURCE_USER = 'coupon', "
                + "SOURCE_PASSWORD = 'coupon', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1"
        );
        await ExecuteAsync(replica, "START REPLICA");
        var connection = new MySqlConnectionStringBuilder(primary.ConnectionString)
        {
            Port = (uint)address.Port,
            ConnectionTimeout = 5,
        }.ConnectionString;

        await SellAndGoBackAsync(
            connection,
            async () =>
            {
                var executed = await ReadAsync(primary, "SELECT @@GLOBAL.gtid_executed");
                await ReadAsync(replica, $"SELECT WAIT_FOR_EXECUTED_GTID_SET('{executed.Replace("\n", "", StringComparison.Ordinal)}', 20)");
                await ExecuteAsync(replica, "STOP REPLICA");
            },
            async () =>
            {
                await primary.KillAsync();
                await ExecuteAsync(replica, "RESET REPLICA ALL");
                await address.SwitchToAsync(replica.Port);
            }
        );

        static Task<LocalMySql> StartAsync(int number) =>
            LocalMySql.StartAsync(
                new LocalMySqlOptions
                {
                    Arguments = ["--log-bin=binlog", $"--server-id={number}", "--gtid-mode=ON", "--enforce-gtid-consistency=ON"],
                },
                _cancel
            );
    }

    [Fact]
    public async Task Data_that_is_put_back_as_it_was_before_loses_nothing_that_redis_knows()
    {
        await using var server = await LocalMySql.StartAsync(cancellationToken: _cancel);
        var (data, copy) = (Path.Combine(server.Folder, "data"), Path.Combine(server.Folder, "copy"));

        await SellAndGoBackAsync(
            server.ConnectionString,
            async () =>
            {
                await server.StopAsync();
                Copy(data, copy);
                await server.StartAgainAsync(_cancel);
            },
            async () =>
            {
                await server.KillAsync();
                Directory.Delete(data, recursive: true);
                Copy(copy, data);
                await server.StartAgainAsync(_cancel);
            }
        );
    }

    private async Task SellAndGoBackAsync(string mySql, Func<Task> remember, Func<Task> goBack)
    {
        await using var sale = await SaleOnMySql.StartAsync(servers, mySql);
        var (deleted, restocked, closed) = (
            await sale.CreateAsync("Deleted", 10),
            await sale.CreateAsync("Restocked", 100),
            await sale.CreateAsync("Closed", 10)
        );
        await sale.SellAsync(restocked, firstUser: 1, users: 20);
        await sale.WrittenAsync();
        await remember();

        // All of it is in MySQL, and the offsets are committed, when MySQL goes back to before that.
        var late = await sale.CreateAsync("Late", 100);
        await sale.SellAsync(late, firstUser: 1, users: 50);
        await sale.SellAsync(restocked, firstUser: 21, users: 5);
        Assert.Equal(200, await sale.SendAsync(HttpMethod.Post, $"/coupons/{restocked}/restock", new { quantity = 10 }));
        Assert.Equal(200, await sale.SendAsync(HttpMethod.Post, $"/coupons/{closed}/close"));
        Assert.Equal(204, await sale.SendAsync(HttpMethod.Delete, $"/coupons/{deleted}"));
        await sale.WrittenAsync();
        DateTime createdAt;
        await using (var before = sale.Open())
            createdAt = (await before.Coupons.SingleAsync(row => row.Id == late, _cancel)).CreatedAt;
        await goBack();

        await sale.WrittenAsync();
        await sale.SellAsync(late, firstUser: 51, users: 10);
        var next = await sale.CreateAsync("Next", 10);
        await sale.WrittenAsync();

        await using var context = sale.Open();
        var coupons = await context.Coupons.ToDictionaryAsync(row => row.Id, _cancel);
        Assert.Equal([.. new[] { restocked, closed, late, next }.Order()], coupons.Keys.Order());
        Assert.Equal(
            ("Late", 100L, 60L, createdAt),
            (coupons[late].Title, coupons[late].TotalQuantity, coupons[late].IssuedQuantity, coupons[late].CreatedAt)
        );
        Assert.Equal((110L, 25L), (coupons[restocked].TotalQuantity, coupons[restocked].IssuedQuantity));
        Assert.NotNull(coupons[closed].ClosedAt);
        Assert.True(next > late, $"{next} after {late}");
        Assert.Equal(deleted, Assert.Single(await context.DeletedCoupons.ToListAsync(_cancel)).Id);
        Assert.False(await sale.Redis.KeyExistsAsync(new CouponKeys(deleted).State));
        Assert.Equal(60, await sale.Redis.HashLengthAsync(new CouponKeys(late).Users));
        Assert.Empty(await context.DeadLetters.ToListAsync(_cancel));
        foreach (var coupon in coupons.Keys)
            Assert.True((await sale.BalanceAsync(coupon)).GetProperty("addsUp").GetBoolean());
        Assert.Contains($"MySQL has lost coupon {late} (Late, 100 in all)", sale.Log(), StringComparison.Ordinal);
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            Directory.CreateDirectory(folder.Replace(from, to, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
    }

    private static async Task ExecuteAsync(LocalMySql server, string sql)
    {
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync(_cancel);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(_cancel);
    }

    private static async Task<string> ReadAsync(LocalMySql server, string sql)
    {
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync(_cancel);
        await using var command = new MySqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(_cancel))?.ToString() ?? "";
    }
}
