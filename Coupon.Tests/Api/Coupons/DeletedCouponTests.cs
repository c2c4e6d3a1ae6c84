using System.Collections.Concurrent;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Coupons;

/// <summary>Redis loses the second in which a coupon was deleted.</summary>
public sealed class DeletedCouponTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_deleted_coupon_that_Redis_has_again_is_removed_before_any_seat_is_sold()
    {
        var (other, keys) = (await api.CreateCouponAsync(10), new CouponKeys(await api.CreateCouponAsync(10)));
        await api.Redis.KeyCopyAsync(keys.State, "a second ago");
        Assert.Equal(204, (await api.DeleteAsync($"/coupons/{keys.CouponId}")).Status);
        var changed = new ConcurrentBag<long>();
        (await api.Redis.Multiplexer.GetSubscriber().SubscribeAsync(CouponKeys.Changed)).OnMessage(message => changed.Add((long)message.Message));

        await api.Redis.KeyRenameAsync("a second ago", keys.State);
        await api.Redis.HashSetAsync(keys.Users, 1, "1:1800000000000");
        await api.Redis.SortedSetAddAsync(keys.Outbox, "1:1:1800000000000", long.MaxValue / 1024);
        await api.Redis.HashSetAsync(keys.Verifying, "id", 1);
        await api.Redis.SetAddAsync(ShardKeys.Whole.LoadedCoupons, keys.CouponId);
        await api.Redis.Multiplexer.GetServers().Single().ScriptFlushAsync();
        await Eventually.IsTrueAsync(
            async () => (await api.IssueAsync(other, 1)).Status == 202,
            "Redis was verified, and the other coupon is on sale"
        );

        Assert.Equal("unknown-coupon", (await api.IssueAsync(keys.CouponId, 2)).Code);
        foreach (var key in keys.All.Append(keys.Verifying))
            Assert.False(await api.Redis.KeyExistsAsync(key), key);
        Assert.Equal([other], (await api.Redis.SetMembersAsync(ShardKeys.Whole.LoadedCoupons)).Select(id => (long)id));
        await Eventually.IsTrueAsync(() => Task.FromResult(changed.Contains(keys.CouponId)), "what is remembered of it is forgotten");
    }
}
