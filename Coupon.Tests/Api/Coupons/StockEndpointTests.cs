using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Coupons;

public sealed class StockEndpointTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_rebuild_says_what_it_found_and_how_long_it_took_and_finds_nothing_the_second_time()
    {
        var coupon = await api.CreateCouponAsync(10);
        var keys = new CouponKeys(coupon);
        for (var user = 1; user <= 3; user++)
            await api.IssueAsync(coupon, user);
        await Eventually.IsTrueAsync(async () => !await api.Redis.KeyExistsAsync(keys.Outbox), "all is in Kafka");
        await api.Redis.HashDeleteAsync(keys.Users, 2);
        await api.Redis.HashSetAsync(keys.State, StateFields.Issued, 1);

        var first = await api.PostAsync($"/coupons/{coupon}/rebuild");
        var second = await api.PostAsync($"/coupons/{coupon}/rebuild");

        Assert.Equal((200, 200), (first.Status, second.Status));
        var (found, again) = (first.Json.GetProperty("coupons")[0], second.Json.GetProperty("coupons")[0]);
        Assert.Equal(
            (1, 1, 3, 7),
            (Number(found, "usersAdded"), Number(found, "ordinalBefore"), Number(found, "ordinalAfter"), Number(found, "remaining"))
        );
        Assert.Equal(
            (0, 3, 3, 7),
            (Number(again, "usersAdded"), Number(again, "ordinalBefore"), Number(again, "ordinalAfter"), Number(again, "remaining"))
        );
        Assert.True(first.Json.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal("already-issued", (await api.IssueAsync(coupon, 2)).Code);
        Assert.Equal(4, (await api.IssueAsync(coupon, 4)).Number("ordinal"));
    }

    [Fact]
    public async Task A_second_verification_at_a_time_is_refused_with_retry_after()
    {
        var coupon = await api.CreateCouponAsync(10);
        await api.Redis.LockTakeAsync(ShardKeys.Whole.Verifier, "somebody", TimeSpan.FromSeconds(30));

        var refused = await api.PostAsync($"/coupons/{coupon}/rebuild");
        await api.Redis.LockReleaseAsync(ShardKeys.Whole.Verifier, "somebody");

        Assert.Equal((503, "verification-under-way", TimeSpan.FromSeconds(1)), (refused.Status, refused.Code, refused.RetryAfter));
        Assert.Equal(200, (await api.PostAsync($"/coupons/{coupon}/rebuild")).Status);
    }

    [Fact]
    public async Task A_balance_and_a_rebuild_of_an_unknown_coupon_are_a_404()
    {
        Assert.Equal("unknown-coupon", (await api.GetAsync("/coupons/4711/balance")).Code);
        Assert.Equal("unknown-coupon", (await api.PostAsync("/coupons/4711/rebuild")).Code);
    }

    [Fact]
    public async Task No_key_of_a_living_coupon_expires()
    {
        var coupon = await api.CreateCouponAsync(10, closesAt: TimeProvider.System.GetUtcNow().AddSeconds(30));
        await api.IssueAsync(coupon, 1);
        await api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":1}""");
        await api.PostAsync($"/coupons/{coupon}/rebuild");
        await api.PostAsync($"/coupons/{coupon}/close");

        foreach (var key in new CouponKeys(coupon).All.Append(ShardKeys.Whole.LoadedCoupons).Append(ShardKeys.Whole.Verified))
            Assert.Null(await api.Redis.KeyTimeToLiveAsync(key));
        Assert.Equal(1, await api.Redis.HashLengthAsync(new CouponKeys(coupon).Users));
    }

    private static long Number(System.Text.Json.JsonElement element, string member) => element.GetProperty(member).GetInt64();
}
