using Coupon.Api.Issuing;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Issuing;

public sealed class SoldOutMemoryTests(TestServers servers) : IAsyncLifetime
{
    // So long that nothing is forgotten by itself, and no reconciliation comes to anybody's help.
    private readonly ApiUnderTest _api = new(servers)
    {
        Settings = { ["Issuing:SoldOutMemory"] = "00:01:00", ["Coupons:ReconcileInterval"] = "01:00:00" },
    };

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Sold_out_is_answered_without_redis_and_who_holds_one_is_still_told_so()
    {
        var coupon = await SellOutAsync(3);

        // With the state gone, only memory can say "sold out".
        await _api.Redis.KeyRenameAsync(new CouponKeys(coupon).State, "elsewhere" + coupon);
        Assert.Equal("sold-out", (await _api.IssueAsync(coupon, 99)).Code);
        await _api.Redis.KeyRenameAsync("elsewhere" + coupon, new CouponKeys(coupon).State);

        Assert.Equal("already-issued", (await _api.IssueAsync(coupon, 2)).Code);
    }

    [Fact]
    public async Task A_restock_ends_it_at_once()
    {
        var coupon = await SellOutAsync(3);

        await _api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":1}""");

        await IsToldAsync(coupon, 99, null);
        Assert.Equal("sold-out", (await _api.IssueAsync(coupon, 100)).Code);
    }

    [Fact]
    public async Task While_the_fence_is_closed_it_is_silent()
    {
        var coupon = await SellOutAsync(3);

        // As long as somebody else verifies, the fence stays closed.
        await _api.Redis.LockTakeAsync(CouponKeys.Verifier, "somebody", TimeSpan.FromMinutes(1));
        await _api.Redis.Multiplexer.GetServers().Single().ScriptFlushAsync();
        _api.Services.GetRequiredService<IStockFence>().Doubt("a connection broke, say");
        Assert.Equal("stock-unverified", (await _api.IssueAsync(coupon, 99)).Code);

        await _api.Redis.LockReleaseAsync(CouponKeys.Verifier, "somebody");
        await IsToldAsync(coupon, 99, "sold-out");
    }

    [Fact]
    public async Task A_verification_ends_it_since_it_may_have_found_seats()
    {
        var coupon = await SellOutAsync(3);

        // A restock that died between MySQL and Redis.
        await using (var database = TestDatabase.Open(_api.Service.MySql))
        {
            await database
                .Coupons.Where(row => row.Id == coupon)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.TotalQuantity, 4), TestContext.Current.CancellationToken);
        }

        Assert.Equal(200, (await _api.PostAsync($"/coupons/{coupon}/rebuild")).Status);

        await IsToldAsync(coupon, 99, null);
    }

    private async Task<long> SellOutAsync(int total)
    {
        var coupon = await _api.CreateCouponAsync(total);
        for (var user = 1; user <= total; user++)
            Assert.Equal(202, (await _api.IssueAsync(coupon, user)).Status);

        // Remembered in the background, after the first who was told so.
        await Eventually.IsTrueAsync(
            async () =>
            {
                Assert.Equal("sold-out", (await _api.IssueAsync(coupon, 99)).Code);
                return _api.Services.GetRequiredService<SoldOutMemory>().Refuses(coupon, 99, _api.Services.GetRequiredService<IStockFence>().Enter());
            },
            "sold out is remembered"
        );
        return coupon;
    }

    // What instances tell each other takes a moment, and never a part of the minute that it is remembered for.
    private Task IsToldAsync(long coupon, long user, string? code) =>
        Eventually.IsTrueAsync(
            async () => (await _api.IssueAsync(coupon, user)).Code == code,
            $"user {user} is told {code ?? "yes"}",
            TimeSpan.FromSeconds(10)
        );
}
