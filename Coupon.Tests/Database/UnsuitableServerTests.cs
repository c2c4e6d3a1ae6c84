using Coupon.Database;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Database;

public sealed class UnsuitableServerTests(TestServers servers)
{
    [Theory]
    [InlineData("Coupon.Api")]
    [InlineData("Coupon.Consumers")]
    public async Task A_table_without_transactions_ends_the_start_with_the_reason(string project)
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using (var connection = new MySqlConnection(service.MySql))
            await connection.ExecuteAsync("ALTER TABLE stock_instances ENGINE=MyISAM");

        var run = await CommandLineRun.RunProgramAsync(
            project,
            new Dictionary<string, string>(service.Environment) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" }
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("stock_instances (MyISAM)", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.0.15")]
    [InlineData("5.7.44-log")]
    [InlineData("10.5.29-MariaDB-0+deb11u1")]
    [InlineData("5.5.5-10.6.18-MariaDB")]
    public void A_server_that_is_too_old_is_named(string version)
    {
        var refused = Assert.Throws<UnsuitableServerException>(() => ServerVersions.Check(version));

        Assert.Contains("is too old", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.0.16")]
    [InlineData("9.7.4")]
    [InlineData("8.4.3-cloud.7")]
    [InlineData("10.11.19-MariaDB-0+deb12u1")]
    [InlineData("5.5.5-11.4.2-MariaDB")]
    [InlineData("a provider's own")]
    public void A_server_that_is_new_enough_is_taken(string version) => ServerVersions.Check(version);

    [Fact]
    public async Task A_session_that_the_pool_has_reset_is_set_again()
    {
        await using var database = CouponConnections.CreateDataSource(
            new MySqlConnectionStringBuilder(await servers.CreateDatabaseAsync()) { MaximumPoolSize = 1 }.ConnectionString
        );
        await using (var first = await database.OpenConnectionAsync(TestContext.Current.CancellationToken))
            await first.ExecuteAsync("SET SESSION autocommit = 0, sql_mode = 'NO_BACKSLASH_ESCAPES', time_zone = '+09:00'");

        await using var second = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var (autocommit, modes, zone) = await second.QuerySingleAsync<(long, string, string)>("SELECT @@autocommit, @@sql_mode, @@time_zone");

        Assert.Equal((1, "+00:00"), (autocommit, zone));
        Assert.Contains("STRICT_TRANS_TABLES", modes, StringComparison.Ordinal);
        Assert.DoesNotContain("NO_BACKSLASH_ESCAPES", modes, StringComparison.Ordinal);
    }
}
