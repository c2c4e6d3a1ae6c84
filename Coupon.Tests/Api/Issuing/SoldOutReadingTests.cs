using Coupon.Api.Issuing;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing;

/// <summary>What the memory of sold-out coupons reads of Redis, and how long it keeps it.</summary>
public sealed class SoldOutReadingTests(TestServers servers) : IAsyncLifetime
{
    private const long Stranger = 99;
    private readonly FakeTimeProvider _time = new();
    private ConnectionMultiplexer _redis = null!;
    private SoldOutMemory _memory = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await ConnectionMultiplexer.ConnectAsync((await servers.RedisAsync()).ConnectionString);
        var options = new IssuingOptions();
        _memory = new SoldOutMemory(_redis, new SeatMemory(options, _time), options, _time, NullLogger<SoldOutMemory>.Instance);
        await _memory.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _memory.StopAsync(CancellationToken.None);
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_coupon_that_Redis_does_not_have_is_not_sold_out()
    {
        var missing = new CouponKeys(servers.NextCouponId());
        _memory.Learn(missing);

        // Read after it, on the same connection, one after the other: by then it has been read as well.
        for (var i = 0; i < 5; i++) await LearnAsync(await SellOutAsync());

        Assert.False(_memory.Refuses(missing.CouponId, Stranger));
    }

    [Fact]
    public async Task Who_holds_a_coupon_that_nobody_asks_for_any_more_is_let_go_of()
    {
        var keys = await SellOutAsync();
        await LearnAsync(keys);

        // Not read again as long as the last ordinal is the same: only who reads all of them knows of this one.
        await _redis.GetDatabase().HashSetAsync(keys.Users, 2, "2:1");
        _time.Advance(TimeSpan.FromSeconds(1));
        await LearnAsync(keys);
        Assert.True(_memory.Refuses(keys.CouponId, 2));

        await Eventually.IsTrueAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await LearnAsync(keys);
            return !_memory.Refuses(keys.CouponId, 2);
        }, "they are read again", TimeSpan.FromSeconds(5));
    }

    private async Task<CouponKeys> SellOutAsync()
    {
        var keys = new CouponKeys(servers.NextCouponId());
        await _redis.GetDatabase().HashSetAsync(keys.State, [new(StateFields.Remaining, 0), new(StateFields.Issued, 1)]);
        await _redis.GetDatabase().HashSetAsync(keys.Users, 1, "1:1");
        return keys;
    }

    // As the issuer does: the script is asked, and says so, only where memory does not.
    private Task LearnAsync(CouponKeys keys) => Eventually.IsTrueAsync(() =>
    {
        var isRemembered = _memory.Refuses(keys.CouponId, Stranger);
        if (!isRemembered) _memory.Learn(keys);
        return Task.FromResult(isRemembered);
    }, "it is remembered");
}
