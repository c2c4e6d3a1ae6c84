using Coupon.Api.Issuing;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Coupon.Tests.Stock;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing;

/// <summary>What the memory of sold-out coupons reads of Redis, and how long it keeps it.</summary>
public sealed class SoldOutReadingTests(TestServers servers) : IAsyncLifetime
{
    private const long Stranger = 99;
    private readonly OpenFence _fence = new();
    private readonly FakeTimeProvider _time = new();
    private ConnectionMultiplexer _redis = null!;
    private SoldOutMemory _memory = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await ConnectionMultiplexer.ConnectAsync((await servers.RedisAsync()).ConnectionString);
        var options = new IssuingOptions();
        _memory = new SoldOutMemory(_redis, new SeatMemory(options, _time), _fence, options, _time, NullLogger<SoldOutMemory>.Instance);
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
        _memory.Learn(missing, _fence.Enter());

        // Read after it, on the same connection, one after the other: by then it has been read as well.
        for (var i = 0; i < 5; i++)
            await LearnAsync(await SellOutAsync());

        Assert.False(_memory.Refuses(missing.CouponId, Stranger, _fence.Enter()));
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
        Assert.True(_memory.Refuses(keys.CouponId, 2, _fence.Enter()));

        await Eventually.IsTrueAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromMinutes(2));
                await LearnAsync(keys);
                return !_memory.Refuses(keys.CouponId, 2, _fence.Enter());
            },
            "they are read again",
            TimeSpan.FromSeconds(5)
        );
    }

    [Fact]
    public async Task What_was_learnt_before_the_fence_closed_is_not_repeated_after_it_opens()
    {
        var keys = await SellOutAsync();
        await LearnAsync(keys);

        _fence.Doubt("another Redis, say");

        Assert.False(_memory.Refuses(keys.CouponId, Stranger, _fence.Enter()));
    }

    private async Task<CouponKeys> SellOutAsync()
    {
        var keys = new CouponKeys(servers.NextCouponId());
        await _redis.GetDatabase().HashSetAsync(keys.State, [new(StateFields.Remaining, 0), new(StateFields.Issued, 1)]);
        await _redis.GetDatabase().HashSetAsync(keys.Users, 1, "1:1");
        return keys;
    }

    // As the issuer does: the script is asked, and says so, only where memory does not.
    private Task LearnAsync(CouponKeys keys) =>
        Eventually.IsTrueAsync(
            () =>
            {
                var isRemembered = _memory.Refuses(keys.CouponId, Stranger, _fence.Enter());
                if (!isRemembered)
                    _memory.Learn(keys, _fence.Enter());
                return Task.FromResult(isRemembered);
            },
            "it is remembered"
        );
}
