using Coupon.LocalServers;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Rights;

public sealed class MySqlRightsTests(TestServers servers)
{
    [Fact]
    public async Task The_service_lives_with_the_documented_grants()
    {
        var database = UniqueName.From("coupon");
        var (runtime, migrate) = (UniqueName.From("u")[..14], UniqueName.From("m")[..14]);
        await using var administration = new MySqlConnection((await servers.MySqlAsync()).ConnectionString);
        foreach (var user in (string[])[runtime, migrate])
            await administration.ExecuteAsync($"CREATE USER '{user}'@'%' IDENTIFIED BY 'usher'");
        foreach (var grants in (string[])[RightsPage.Block("mysql-grants"), RightsPage.Block("mysql-migrate-grants")])
        {
            await administration.ExecuteAsync(
                grants
                    .Replace("`coupon`", $"`{database}`", StringComparison.Ordinal)
                    .Replace("'coupon_migrate'", $"'{migrate}'", StringComparison.Ordinal)
                    .Replace("'coupon'", $"'{runtime}'", StringComparison.Ordinal)
            );
        }

        var server = (await servers.MySqlAsync()).ConnectionString;
        string As(string user) =>
            new MySqlConnectionStringBuilder(server)
            {
                UserID = user,
                Password = "usher",
                Database = database,
            }.ConnectionString;
        await using var service = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), As(runtime));
        var migrated = await CommandLineRun.RunAsync(
            new Dictionary<string, string>(service.Environment) { ["ConnectionStrings__MySql"] = As(migrate) },
            "migrate"
        );
        Assert.Equal((0, ""), (migrated.ExitCode, migrated.Words));
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync();

        var coupon = await CouponClient.CreateAsync(api.Url, 1000);
        await using var crowd = new Crowd(coupon, api.Url);
        await crowd.AskAsync(TimeSpan.FromSeconds(1), perSecond: 50);

        Assert.Empty(crowd.Refused);
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
        Assert.Equal(0, (await CommandLineRun.RunAsync(service.Environment, "balance")).ExitCode);
        Assert.Equal(0, (await CommandLineRun.RunAsync(service.Environment, "rebuild")).ExitCode);
    }
}
