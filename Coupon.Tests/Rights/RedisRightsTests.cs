using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Rights;

public sealed class RedisRightsTests(TestServers servers)
{
    [Fact]
    public async Task The_service_lives_a_whole_life_with_the_documented_rights_and_asks_for_no_other()
    {
        await using var redis = await LocalRedis.StartAsync();
        await using var administration = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        var server = administration.GetServers()[0];
        await RightsPage.AddRedisUserAsync(server, "usher");
        await using var service = await ServiceSettings.CreateAsync(
            new RestrictedRedis(redis, $"{redis.ConnectionString},user=coupon,password=usher"),
            await servers.KafkaAsync(),
            await servers.CreateDatabaseAsync()
        );
        await using var api = await service.StartApiAsync(("Coupons__ReconcileInterval", "00:00:01"), ("WarmUp__Requests", "100"));
        await using var consumer = await service.StartConsumerAsync();

        // Sold out, told so from memory, restocked, forgotten by Redis and verified, counted, deleted.
        var coupon = await CouponClient.CreateAsync(api.Url, 20);
        await using var crowd = new Crowd(coupon, api.Url);
        await crowd.AskAsync(TimeSpan.FromSeconds(2), perSecond: 20);
        await server.FlushAllDatabasesAsync();
        await Eventually.IsTrueAsync(async () => await PostAsync(api, $"/coupons/{coupon}/restock", """{"quantity":5}""") == 200, "it is restocked");
        await Eventually.IsTrueAsync(
            async () => await PostAsync(api, $"/coupons/{coupon}/issuances", """{"userId":4711}""") == 202,
            "it sells again"
        );
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
        var balance = await CommandLineRun.RunAsync(service.Environment, "balance");
        var rebuild = await CommandLineRun.RunAsync(service.Environment, "rebuild", "--coupon", $"{coupon}");
        await Eventually.IsTrueAsync(async () => await DeleteAsync(api.Url, $"/coupons/{coupon}") == 204, "it is deleted");

        Assert.Equal((0, 0), (balance.ExitCode, rebuild.ExitCode));
        Assert.Equal(20, crowd.Accepted);
        var refused = (RedisResult[])(await server.ExecuteAsync("ACL", "LOG"))!;
        Assert.True(refused.Length == 0, string.Join('\n', refused.Select(entry => string.Join(' ', (string[])entry!))));
    }

    private static async Task<int> PostAsync(ServiceProcess api, string path, string json)
    {
        using var http = TwoDoors.Client();
        using var answer = await http.PostAsync(new Uri(api.Url, path), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        return (int)answer.StatusCode;
    }

    private static async Task<int> DeleteAsync(Uri api, string path)
    {
        using var http = TwoDoors.Client();
        using var answer = await http.DeleteAsync(new Uri(api, path));
        return (int)answer.StatusCode;
    }
}
