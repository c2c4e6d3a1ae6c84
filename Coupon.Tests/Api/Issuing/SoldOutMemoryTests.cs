using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing;

public sealed class SoldOutMemoryTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task Sold_out_is_answered_without_redis_and_who_holds_one_is_still_told_so()
    {
        var coupon = await SellOutAsync(3);

        // With the state gone, only memory can say "sold out".
        await api.Redis.KeyRenameAsync(new CouponKeys(coupon).State, "elsewhere" + coupon);
        Assert.Equal("sold-out", (await api.IssueAsync(coupon, 99)).Code);
        await api.Redis.KeyRenameAsync("elsewhere" + coupon, new CouponKeys(coupon).State);

        Assert.Equal("already-issued", (await api.IssueAsync(coupon, 2)).Code);
    }

    [Fact]
    public async Task A_restock_ends_it_at_once()
    {
        var coupon = await SellOutAsync(3);

        await api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":1}""");

        Assert.Equal(202, (await api.IssueAsync(coupon, 99)).Status);
        Assert.Equal("sold-out", (await api.IssueAsync(coupon, 100)).Code);
    }

    private async Task<long> SellOutAsync(int total)
    {
        var coupon = await api.CreateCouponAsync(total);
        for (var user = 1; user <= total; user++) Assert.Equal(202, (await api.IssueAsync(coupon, user)).Status);

        // Remembered in the background, after the first who was told so.
        await Servers.Eventually.IsTrueAsync(async () =>
        {
            Assert.Equal("sold-out", (await api.IssueAsync(coupon, 99)).Code);
            await api.Redis.KeyRenameAsync(new CouponKeys(coupon).State, "elsewhere" + coupon);
            var remembered = (await api.IssueAsync(coupon, 99)).Code == "sold-out";
            await api.Redis.KeyRenameAsync("elsewhere" + coupon, new CouponKeys(coupon).State, When.Always);
            return remembered;
        }, "sold out is remembered");
        return coupon;
    }
}
