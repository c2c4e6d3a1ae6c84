using System.Globalization;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Limits;

/// <summary>What one client, and all together, can make an instance do.</summary>
public sealed class LimitTests(TestServers servers)
{
    [Fact]
    public async Task A_user_who_presses_too_often_is_told_when_to_come_back_and_others_are_not()
    {
        await using var api = await StartAsync(("Limits:PressesOfUser", "2"));
        var coupon = await api.CreateCouponAsync(100);

        var answers = new List<Answer>();
        for (var press = 0; press < 12; press++)
            answers.Add(await api.IssueAsync(coupon, 41));

        Assert.Equal([202, 409, 409, 409], answers.Take(4).Select(answer => answer.Status));
        var refused = answers.Where(answer => answer.Status == 429).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.Equal(("too-many-requests", TimeSpan.FromSeconds(1)), (answer.Code, answer.RetryAfter)));
        Assert.Equal(202, (await api.IssueAsync(coupon, 42)).Status);
    }

    [Fact]
    public async Task An_address_that_asks_too_often_is_refused_at_the_public_door_only()
    {
        await using var api = await StartAsync(("Limits:RequestsOfAddress", "5"));
        var coupon = await api.CreateCouponAsync(100);

        var statuses = new List<int>();
        for (var request = 0; request < 40; request++)
            statuses.Add((await api.GetAsync("/problems")).Status);

        Assert.Contains(429, statuses);
        Assert.All(statuses.Take(5), status => Assert.Equal(200, status));
        for (var request = 0; request < 40; request++)
            Assert.Equal(200, (await api.GetAsync($"/coupons/{coupon}/balance")).Status);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.0.0.1", true)]
    public async Task Behind_a_trusted_proxy_the_address_is_the_one_of_the_client(string trusted, bool isOneClient)
    {
        await using var api = await StartAsync(("Limits:RequestsOfAddress", "5"), ("Proxies:Trusted", trusted));

        var statuses = new List<int>();
        for (var client = 1; client <= 60; client++)
        {
            string[] headers = [$"X-Forwarded-For: {string.Create(CultureInfo.InvariantCulture, $"198.51.100.{client}")}"];
            statuses.Add((await RawConnection.AskAsync(api.Http.BaseAddress!, "GET /problems", headers)).Status);
        }

        Assert.Equal(isOneClient, statuses.Contains(429));
    }

    [Fact]
    public async Task More_presses_than_may_wait_are_refused_at_once()
    {
        await using var api = await StartAsync(("Limits:WaitingPresses", "5"));
        var coupon = await api.CreateCouponAsync(100);
        await api.IssueAsync(coupon, 1);
        var redis = api.OwnRedis!;
        redis.Freeze();

        // Each that was let in waits for Redis, longer than the others take to arrive.
        var answers = await Task.WhenAll(Enumerable.Range(10, 8).Select(user => api.IssueAsync(coupon, user)));
        redis.Thaw();

        var refused = answers.Where(answer => answer.Code == "busy").ToList();
        Assert.InRange(refused.Count, 1, 3);
        Assert.All(refused, answer => Assert.Equal((503, TimeSpan.FromSeconds(1)), (answer.Status, answer.RetryAfter)));
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 99)).Status is 202 or 409, "it sells again");
    }

    private async Task<ApiUnderTest> StartAsync(params (string Name, string Value)[] settings)
    {
        var api = new ApiUnderTest(servers) { OwnRedis = await Coupon.LocalServers.LocalRedis.StartAsync() };
        foreach (var (name, value) in settings)
            api.Settings[name] = value;
        await api.InitializeAsync();
        return api;
    }
}
