using Coupon.Hosting.Outages;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Tests.Hosting;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Faults;

/// <summary>A Redis that answers and refuses writes: presses get 503, and health repeats the reason of Redis even without a press.</summary>
public sealed class RefusingRedisTests(TestServers servers)
{
    [Theory]
    [InlineData("OOM", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0")]
    [InlineData("NOREPLICAS", "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0")]
    [InlineData("NOPERM", "ACL SETUSER default -hset -hincrby -zadd -set -setex -psetex", "ACL SETUSER default +@all")]
    public async Task Presses_get_503_and_health_says_why_and_when_it_is_over(string words, string refuse, string relent)
    {
        using var log = new Lines();
        await using var api = new ApiUnderTest(servers) { Log = log };
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
        await AssertSaidOnceAsync(log);
    }

    [Fact]
    public async Task Where_Redis_was_demoted_presses_get_503_and_health_says_that_it_only_reads()
    {
        using var log = new Lines();
        await using var api = new ApiUnderTest(servers) { Log = log };
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(10);
        await using var administration = await ConnectionMultiplexer.ConnectAsync($"{api.Service.Redis.ConnectionString},allowAdmin=true");

        await ExecuteAsync(administration, $"REPLICAOF 127.0.0.1 {FreePort.OfNobody}");
        await Eventually.IsTrueAsync(
            async () => await HealthAsync(api) is (503, var body) && body.Contains("READONLY", StringComparison.Ordinal),
            "health says READONLY"
        );
        var during = await api.IssueAsync(coupon, 1);

        // The fence and the probe meet it again and again, and each of them says the same.
        var redis = api.Services.GetRequiredService<ServerOutages>().Redis;
        var failures = redis.Failures;
        await Eventually.IsTrueAsync(() => redis.Failures >= failures + 10, otherwise: () => $"{redis.Failures} failures");
        var (_, later) = await HealthAsync(api);
        Assert.True(later.Contains("READONLY", StringComparison.Ordinal), later);
        await ExecuteAsync(administration, "REPLICAOF NO ONE");

        Assert.Equal(503, during.Status);
        await Eventually.IsTrueAsync(async () => (await HealthAsync(api)).Status == 200, "it is over");
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1)).Status == 202, "it sells on");
        await AssertSaidOnceAsync(log);
    }

    [Fact]
    public async Task What_Redis_refuses_for_one_coupon_only_is_said_in_its_words_too()
    {
        using var log = new Lines();
        await using var api = new ApiUnderTest(servers) { Log = log };
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(10);
        await api.Redis.StringSetAsync(new CouponKeys(coupon).Users, "no hash");

        var refused = await api.IssueAsync(coupon, 1);

        Assert.Equal((503, "stock-unavailable"), (refused.Status, refused.Code));
        var line = Assert.Single(log.Written, line => line.Contains("Redis fails: ", StringComparison.Ordinal));
        Assert.Contains("WRONGTYPE", line, StringComparison.Ordinal);
    }

    private static async Task AssertSaidOnceAsync(Lines log)
    {
        const string end = "Redis does not fail any more";
        await Eventually.IsTrueAsync(() => Task.FromResult(log.Written.Any(line => line.Contains(end, StringComparison.Ordinal))), "the end is said");
        Assert.Single(log.Written, line => line.Contains("Redis fails: ", StringComparison.Ordinal));
        Assert.Single(log.Written, line => line.Contains(end, StringComparison.Ordinal));
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
