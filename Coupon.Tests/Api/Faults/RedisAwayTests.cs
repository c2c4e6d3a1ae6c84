using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

public sealed class RedisAwayTests(TestServers servers)
{
    [Fact]
    public async Task Without_redis_presses_get_503_and_the_same_request_later_is_the_same_issuance()
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

    [Fact]
    public async Task A_coupon_that_is_created_without_redis_exists_once_and_is_on_sale_when_redis_is_back()
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var redis = (LocalRedis)api.Service.Redis;

        await redis.StopAsync();
        var coupon = await api.CreateCouponAsync(10);
        await redis.StartAgainAsync();

        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1)).Status == 202, "it is on sale");
        Assert.Single((await api.GetAsync("/coupons")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_restock_without_redis_succeeds_and_the_seats_are_on_sale_when_redis_is_back()
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var redis = (LocalRedis)api.Service.Redis;
        var coupon = await api.CreateCouponAsync(1);
        await api.IssueAsync(coupon, 1);

        await redis.StopAsync();
        var restocked = await api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":5}""");
        await redis.StartAgainAsync();

        Assert.Equal((200, 6L), (restocked.Status, restocked.Number("totalQuantity")));
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 2)).Status == 202, "the new ones are on sale");
    }

    [Fact]
    public async Task The_holder_of_a_seat_that_redis_has_lost_is_not_told_that_there_is_none()
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(10);
        await api.IssueAsync(coupon, 1);

        await api.Redis.ExecuteAsync("FLUSHALL");
        var during = await api.GetAsync($"/coupons/{coupon}/issuances/1");

        Assert.Equal((503, "stock-unverified"), (during.Status, during.Code));
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 2)).Status == 202, "it is verified");
        Assert.Equal("pending", (await api.GetAsync($"/coupons/{coupon}/issuances/1")).Text("status"));
        Assert.Equal("not-issued", (await api.GetAsync($"/coupons/{coupon}/issuances/3")).Code);
    }
}
