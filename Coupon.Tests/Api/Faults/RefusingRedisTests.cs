using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Faults;

/// <summary>A Redis that answers and refuses to write: nothing is guessed, and health says why, in its words, before anybody presses.</summary>
public sealed class RefusingRedisTests(TestServers servers)
{
    [Theory]
    [InlineData("OOM", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0")]
    [InlineData("NOREPLICAS", "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0")]
    [InlineData("NOPERM", "ACL SETUSER default -hset -hincrby -zadd -set -setex -psetex", "ACL SETUSER default +@all")]
    public async Task Presses_get_503_and_health_says_why_and_when_it_is_over(string words, string refuse, string relent)
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(10);
        await using var administration = await ConnectionMultiplexer.ConnectAsync($"{api.Service.Redis.ConnectionString},allowAdmin=true");

        await ExecuteAsync(administration, refuse);
        await Eventually.IsTrueAsync(
            async () => await HealthAsync(api) is (503, var body) && body.Contains(words, StringComparison.Ordinal),
            $"health says {words}"
        );
        var during = await api.IssueAsync(coupon, 1);
        await ExecuteAsync(administration, relent);

        Assert.Equal((503, "stock-unavailable"), (during.Status, during.Code));
        await Eventually.IsTrueAsync(async () => (await HealthAsync(api)).Status == 200, "it is over");
        Assert.Equal(1, (await api.IssueAsync(coupon, 1)).Number("ordinal"));
    }

    private static async Task<(int Status, string Body)> HealthAsync(ApiUnderTest api)
    {
        using var answer = await api.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task<RedisResult> ExecuteAsync(ConnectionMultiplexer redis, string command)
    {
        var words = command.Split(' ');
        return redis.GetServers()[0].ExecuteAsync(words[0], words[1..]);
    }
}
