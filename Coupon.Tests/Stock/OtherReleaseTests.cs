using System.Net;
using System.Net.Http.Json;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Tests.Stock;

/// <summary>
/// During an upgrade, and after a roll-back, programs of one release meet what another one has left in Redis and MySQL. What they read of texts and
/// messages is in the tests of each; here are the hashes and the tables.
/// </summary>
public sealed class OtherReleaseTests(TestServers servers)
{
    private static readonly RedisKey[] _shared = [ShardKeys.Whole.Standing, ShardKeys.Whole.Database];

    [Fact]
    public async Task What_a_later_release_has_added_to_hashes_and_tables_is_read_over_and_left_alone()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        var tables = await AddColumnsAsync(service.MySql);
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(api.Url, 1_000_000);
        using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.ConnectionString);
        var (stock, keys) = (redis.GetDatabase(), new CouponKeys(coupon));
        foreach (var hash in _shared.Append(keys.State))
            await stock.HashSetAsync(hash, "later", "1");
        await stock.StringAppendAsync(ShardKeys.Whole.Verified, " later");

        await using var crowd = Crowd.Start([api.Url], coupon, askers: 4);
        await crowd.UntilAcceptedAsync(100);
        using var http = TwoDoors.Client(api.Url);
        using var rebuilt = await http.PostAsync(new Uri($"/coupons/{coupon}/rebuild", UriKind.Relative), null);
        await crowd.UntilAcceptedAsync(100);

        // The scripts are gone, as after a failover: everything is verified.
        await stock.ExecuteAsync("SCRIPT", "FLUSH");
        await crowd.UntilAcceptedAsync(100, seconds: 60);
        await crowd.StopAsync();

        Assert.Equal(HttpStatusCode.OK, rebuilt.StatusCode);
        Assert.True(tables > 10, $"{tables} tables were found.");
        foreach (var hash in _shared)
            Assert.Equal("1", (string?)await stock.HashGetAsync(hash, "later"));
        await using (var connection = new MySqlConnection(service.MySql))
        {
            const string OfMarker = "SELECT COUNT(*) FROM stock_verifications WHERE reason LIKE '%replication id%'";
            Assert.Equal(0, await connection.ExecuteScalarAsync<int>(OfMarker));
        }

        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task What_an_earlier_release_has_not_written_is_done_without()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(api.Url, 1_000_000);
        using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.ConnectionString);
        var (stock, keys) = (redis.GetDatabase(), new CouponKeys(coupon));
        await stock.HashDeleteAsync(keys.State, ["retaken", "title", "created", "shard"]);
        await stock.HashDeleteAsync(ShardKeys.Whole.Standing, [StandingFields.Replicas, StandingFields.Slots, StandingFields.Completed]);
        await stock.HashDeleteAsync(ShardKeys.Whole.Database, ["gtids", "started"]);

        await using var crowd = Crowd.Start([api.Url], coupon, askers: 4);
        await crowd.UntilAcceptedAsync(100);
        using var http = TwoDoors.Client(api.Url);
        using var restocked = await http.PostAsJsonAsync($"/coupons/{coupon}/restock", new { quantity = 10 }, TestContext.Current.CancellationToken);
        await crowd.UntilAcceptedAsync(100);
        await crowd.StopAsync();

        Assert.Equal(HttpStatusCode.OK, restocked.StatusCode);
        Assert.Equal(1_000_010, (long)await stock.HashGetAsync(keys.State, StateFields.Total));
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
    }

    // Returns how many tables there are.
    private static async Task<int> AddColumnsAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString);
        var tables = (
            await connection.QueryAsync<string>("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
        ).AsList();
        foreach (var table in tables.Where(table => table != "__EFMigrationsHistory"))
            await connection.ExecuteAsync($"ALTER TABLE `{table}` ADD COLUMN added_later VARCHAR(10) NOT NULL DEFAULT 'later'");
        return tables.Count;
    }
}
