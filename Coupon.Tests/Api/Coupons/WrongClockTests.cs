using System.Net.Http.Json;
using Coupon.Api.Coupons;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Coupons;

/// <summary>The clock of an instance decides nothing: here it is nine days ahead, or behind.</summary>
public sealed class WrongClockTests(TestServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan _ahead = TimeSpan.FromDays(9);

    private readonly ApiUnderTest _api = new(servers) { Clock = new SkewedClock(_ahead) };

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_coupon_that_ends_tomorrow_is_created_shown_as_open_and_kept_in_redis()
    {
        var coupon = await _api.CreateCouponAsync(10, closesAt: TimeProvider.System.GetUtcNow().AddDays(1));
        Assert.Equal(202, (await _api.IssueAsync(coupon, 1)).Status);

        for (var round = 0; round < 3; round++)
            await ReconcileAsync();

        Assert.Equal("open", (await _api.GetAsync($"/coupons/{coupon}")).Json.GetProperty("state").GetString());
        Assert.Equal(202, (await _api.IssueAsync(coupon, 2)).Status);
        Assert.Equal(2, (await _api.GetAsync($"/coupons/{coupon}")).Number("issued"));
    }

    [Fact]
    public async Task A_coupon_that_was_closed_a_moment_ago_is_kept_in_redis_and_its_times_are_those_of_the_database()
    {
        var coupon = await _api.CreateCouponAsync(10);
        await _api.PostAsync($"/coupons/{coupon}/close");

        await ReconcileAsync();

        Assert.True(await _api.Redis.KeyExistsAsync(new CouponKeys(coupon).State));
        var shown = await _api.GetAsync($"/coupons/{coupon}");
        foreach (var time in new[] { "createdAt", "closedAt" })
            Assert.InRange(shown.Json.GetProperty(time).GetDateTimeOffset(), DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddDays(1));
    }

    [Fact]
    public async Task A_coupon_is_removed_from_redis_by_the_clock_of_redis()
    {
        var coupon = await _api.CreateCouponAsync(10);
        await using var context = TestDatabase.Open(_api.Service.MySql);
        var row = await context.Coupons.AsNoTracking().SingleAsync(found => found.Id == coupon, TestContext.Current.CancellationToken);

        var found = await StockRemovals.RemoveAsync(
            _api.Services.GetRequiredService<StackExchange.Redis.IConnectionMultiplexer>(),
            row,
            TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1)
        );

        Assert.Equal(StockRemoval.NotDue, found);
        Assert.True(await _api.Redis.KeyExistsAsync(new CouponKeys(coupon).State));
    }

    [Fact]
    public async Task An_end_that_has_passed_is_refused_by_the_clock_of_the_database()
    {
        await using var late = new ApiUnderTest(servers) { Clock = new SkewedClock(-_ahead) };
        await late.InitializeAsync();

        using var answer = await late.Http.PostAsJsonAsync(
            "/coupons",
            new
            {
                title = "Over",
                totalQuantity = 1,
                closesAt = TimeProvider.System.GetUtcNow().AddHours(-1),
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(400, (int)answer.StatusCode);
    }

    private Task ReconcileAsync() => _api.Services.GetRequiredService<CouponReconciliation>().ReconcileAsync(CancellationToken.None);
}
