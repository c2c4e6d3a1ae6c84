using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Coupon.Tests.Stock;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing.Remembering;

/// <summary>What the cache of sold-out coupons reads from Redis, and how long it keeps that.</summary>
public sealed class SoldOutReadingTests(TestServers servers) : IAsyncLifetime
{
    private const long Stranger = 99;
    private readonly OpenFence _fence = new();
    private readonly FakeTimeProvider _time = new();
    private ConnectionMultiplexer _redis = null!;
    private SoldOutCache _cache = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await ConnectionMultiplexer.ConnectAsync((await servers.RedisAsync()).ConnectionString);
        var options = new IssuingOptions();
        _cache = new SoldOutCache(_redis, new SeatCache(options, _time), _fence, options, _time, NullLogger<SoldOutCache>.Instance);
        await _cache.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _cache.StopAsync(CancellationToken.None);
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_coupon_that_Redis_does_not_have_is_not_sold_out()
    {
        var missing = new CouponKeys(servers.NextCouponId());
        _cache.Learn(missing, _fence.Enter(1));

        // These are read later on the same connection, one after the other. So the missing coupon has been read by then.
        for (var i = 0; i < 5; i++)
            await LearnAsync(await SellOutAsync());

        Assert.False(_cache.Refuses(missing.CouponId, Stranger, _fence.Enter(1)));
    }

    [Fact]
    public async Task The_holders_of_a_coupon_without_presses_are_forgotten()
    {
        var keys = await SellOutAsync();
        await LearnAsync(keys);

        // The last ordinal is the same, so the holders are not read again. Only a full reading finds this one.
        await _redis.GetDatabase().HashSetAsync(keys.Users, 2, "2:1");
        _time.Advance(TimeSpan.FromSeconds(1));
        await LearnAsync(keys);
        Assert.True(_cache.Refuses(keys.CouponId, 2, _fence.Enter(1)));

        await Eventually.IsTrueAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromMinutes(2));
                await LearnAsync(keys);
                return !_cache.Refuses(keys.CouponId, 2, _fence.Enter(1));
            },
            "they are read again",
            TimeSpan.FromSeconds(5)
        );
    }

    [Fact]
    public async Task A_reading_from_before_the_fence_closed_is_not_used_after_it_opens()
    {
        var keys = await SellOutAsync();
        await LearnAsync(keys);

        _fence.Doubt(1, "another Redis, say");

        Assert.False(_cache.Refuses(keys.CouponId, Stranger, _fence.Enter(1)));
    }

    private async Task<CouponKeys> SellOutAsync()
    {
        var keys = new CouponKeys(servers.NextCouponId());
        await _redis.GetDatabase().HashSetAsync(keys.State, [new(StateFields.Remaining, 0), new(StateFields.Issued, 1)]);
        await _redis.GetDatabase().HashSetAsync(keys.Users, 1, "1:1");
        return keys;
    }

    // As the issuer uses it: the script is called, and answers "sold out", only where memory does not.
    private Task LearnAsync(CouponKeys keys) =>
        Eventually.IsTrueAsync(
            () =>
            {
                var isRemembered = _cache.Refuses(keys.CouponId, Stranger, _fence.Enter(1));
                if (!isRemembered)
                    _cache.Learn(keys, _fence.Enter(1));
                return Task.FromResult(isRemembered);
            },
            "it is remembered"
        );
}
