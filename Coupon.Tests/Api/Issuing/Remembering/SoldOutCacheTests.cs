using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing.Remembering;

public sealed class SoldOutCacheTests(TestServers servers) : IAsyncLifetime
{
    // Long enough that nothing expires during a test, and no reconciliation runs.
    private readonly ApiUnderTest _api = new(servers)
    {
        Settings = { ["Issuing:SoldOutCacheTime"] = "00:01:00", ["Coupons:ReconcileInterval"] = "01:00:00" },
    };

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Sold_out_is_answered_without_redis_and_a_holder_is_still_told_of_the_seat()
    {
        var coupon = await SellOutAsync(3);

        // Without the state in Redis, only the cache can say "sold out".
        await _api.Redis.KeyRenameAsync(new CouponKeys(coupon).State, "elsewhere" + coupon);
        Assert.Equal("sold-out", (await _api.IssueAsync(coupon, 99)).Code);
        await _api.Redis.KeyRenameAsync("elsewhere" + coupon, new CouponKeys(coupon).State);

        Assert.Equal("already-issued", (await _api.IssueAsync(coupon, 2)).Code);
    }

    [Fact]
    public async Task A_restock_ends_sold_out_at_once()
    {
        var coupon = await SellOutAsync(3);

        await _api.PostAsync($"/coupons/{coupon}/restock", """{"quantity":1}""");

        await IsToldAsync(coupon, 99, null);
        Assert.Equal("sold-out", (await _api.IssueAsync(coupon, 100)).Code);
    }

    [Fact]
    public async Task Sold_out_is_not_answered_while_the_fence_is_closed()
    {
        var coupon = await SellOutAsync(3);

        // The fence stays closed while another instance holds the verifier's lock.
        await _api.Redis.LockTakeAsync(ShardKeys.Whole.Verifier, "somebody", TimeSpan.FromMinutes(1));
        await _api.Redis.Multiplexer.GetServers().Single().ScriptFlushAsync();
        _api.Services.GetRequiredService<IStockFence>().Doubt(1, "a connection broke, say");
        Assert.Equal("stock-unverified", (await _api.IssueAsync(coupon, 99)).Code);

        await _api.Redis.LockReleaseAsync(ShardKeys.Whole.Verifier, "somebody");
        await IsToldAsync(coupon, 99, "sold-out");
    }

    [Fact]
    public async Task A_verification_ends_sold_out_since_it_may_find_seats()
    {
        var coupon = await SellOutAsync(3);

        // A restock whose process died between MySQL and Redis.
        await using (var database = TestDatabase.Open(_api.Service.MySql))
        {
            await database
                .Coupons.Where(row => row.Id == coupon)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.TotalQuantity, 4), TestContext.Current.CancellationToken);
        }

        Assert.Equal(200, (await _api.PostAsync($"/coupons/{coupon}/rebuild")).Status);

        await IsToldAsync(coupon, 99, null);
    }

    [Fact]
    public async Task A_Redis_whose_certificate_is_refused_keeps_no_instance_from_starting()
    {
        // Without TLS, the server cannot answer the handshake.
        var address = $"{_api.Service.Redis.ConnectionString},ssl=true,abortConnect=false,connectTimeout=500";
        await using var refused = await ConnectionMultiplexer.ConnectAsync(address);
        using var cache = ActivatorUtilities.CreateInstance<SoldOutCache>(_api.Services, refused);
        await Assert.ThrowsAnyAsync<RedisException>(() => refused.GetSubscriber().SubscribeAsync(CouponKeys.Changed));

        await cache.StartAsync(TestContext.Current.CancellationToken);
        await cache.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(cache.ExecuteTask!.IsCompleted);
    }

    private async Task<long> SellOutAsync(int total)
    {
        var coupon = await _api.CreateCouponAsync(total);
        for (var user = 1; user <= total; user++)
            Assert.Equal(202, (await _api.IssueAsync(coupon, user)).Status);

        // The first "sold out" starts the reading in the background.
        await Eventually.IsTrueAsync(
            async () =>
            {
                Assert.Equal("sold-out", (await _api.IssueAsync(coupon, 99)).Code);
                return _api
                    .Services.GetRequiredService<SoldOutCache>()
                    .Refuses(coupon, 99, _api.Services.GetRequiredService<IStockFence>().Enter(coupon));
            },
            "sold out is remembered"
        );
        return coupon;
    }

    // The published change takes a moment. The cache would last for a minute.
    private Task IsToldAsync(long coupon, long user, string? code) =>
        Eventually.IsTrueAsync(
            async () => (await _api.IssueAsync(coupon, user)).Code == code,
            $"user {user} is told {code ?? "yes"}",
            TimeSpan.FromSeconds(10)
        );
}
