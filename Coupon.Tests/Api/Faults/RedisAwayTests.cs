using Coupon.LocalStack;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

public sealed class RedisAwayTests(TestServers servers)
{
    [Fact]
    public async Task Without_redis_nothing_is_guessed_and_the_same_request_later_is_the_same_issuance()
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var redis = (LocalRedis)api.Service.Redis;
        var coupon = await api.CreateCouponAsync(10);
        var before = await api.IssueAsync(coupon, 1, "first");

        await redis.StopAsync();
        var away = await api.IssueAsync(coupon, 2);
        var shown = await api.GetAsync($"/coupons/{coupon}");
        await redis.StartAgainAsync();

        Assert.Equal((503, TimeSpan.FromSeconds(1)), (away.Status, away.RetryAfter));
        Assert.True(away.Code is "stock-unavailable" or "stock-unverified", away.Code);
        Assert.Equal((200, null), (shown.Status, shown.Text("remaining")));
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1, "first")).Status == 202, "it is answered again");
        Assert.Equal(before, await api.IssueAsync(coupon, 1, "first"));
        Assert.Equal(2, (await api.IssueAsync(coupon, 2)).Number("ordinal"));
    }
}
