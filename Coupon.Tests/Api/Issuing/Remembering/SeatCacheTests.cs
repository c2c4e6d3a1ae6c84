using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Coupon.Tests.Stock;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.Api.Issuing.Remembering;

public sealed class SeatCacheTests(TestServers servers)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly OpenFence _fence = new();

    [Fact]
    public async Task A_second_press_at_once_gets_the_same_answer_without_Redis()
    {
        await using var api = new ApiUnderTest(servers) { Settings = { ["Issuing:SeatCacheTime"] = "00:00:30" } };
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(3);
        var first = await api.IssueAsync(coupon, 5, "key-of-five");

        // Without the state in Redis, only the cache can know the seat.
        await api.Redis.KeyRenameAsync(new CouponKeys(coupon).State, "elsewhere" + coupon);
        var again = await api.IssueAsync(coupon, 5);
        var sameRequest = await api.IssueAsync(coupon, 5, "key-of-five");
        await api.Redis.KeyRenameAsync("elsewhere" + coupon, new CouponKeys(coupon).State);

        Assert.Equal("already-issued", again.Code);
        Assert.Equal(first.Text("issuanceId"), again.Text("issuanceId"));
        Assert.Equal(first.Text("issuedAt"), again.Text("issuedAt"));
        Assert.Equal(202, sameRequest.Status);
        Assert.Equal(first.Text("issuanceId"), sameRequest.Text("issuanceId"));
    }

    [Fact]
    public void A_seat_is_forgotten_after_its_time()
    {
        var cache = Cache(_lifetime);
        Remember(cache);

        _time.Advance(_lifetime * 0.9);
        Assert.True(Knows(cache));
        _time.Advance(_lifetime * 0.1);
        Assert.False(Knows(cache));
    }

    [Fact]
    public void Further_presses_do_not_prolong_the_time()
    {
        var cache = Cache(_lifetime);
        Remember(cache);

        for (var press = 0; press < 20; press++)
        {
            Knows(cache);
            _time.Advance(_lifetime / 10);
        }

        Assert.False(Knows(cache));
    }

    [Fact]
    public void A_change_of_the_stock_ends_all_seats_at_once()
    {
        var cache = Cache(_lifetime);
        Remember(cache);

        cache.Forget();
        Assert.False(Knows(cache));

        _time.Advance(_lifetime / 10);
        Remember(cache);
        Assert.True(Knows(cache));
    }

    [Fact]
    public void A_fence_that_closed_in_between_ends_all_seats()
    {
        var cache = Cache(_lifetime);
        Remember(cache);

        _fence.Doubt(1, "another Redis, say");

        Assert.False(Knows(cache));
    }

    [Fact]
    public void No_user_finds_the_seat_of_another_one_however_many_there_are()
    {
        var cache = Cache(_lifetime);
        for (var user = 1; user <= 200_000; user++)
            cache.Remember(new HeldSeat(1, user, user, 1000), _fence.Enter(1));

        var known = 0;
        for (var user = 1; user <= 200_000; user++)
        {
            if (!cache.TryFind(1, user, _fence.Enter(1), out var seat))
                continue;
            Assert.Equal(user, seat.Ordinal);
            known++;
        }

        Assert.InRange(known, 10_000, 100_000);
        Assert.False(cache.TryFind(2, 200_000, _fence.Enter(1), out _));
    }

    [Fact]
    public void With_a_time_of_zero_nothing_is_remembered()
    {
        var cache = Cache(TimeSpan.Zero);
        Remember(cache);

        Assert.False(Knows(cache));
    }

    private SeatCache Cache(TimeSpan lifetime) => new(new IssuingOptions { SeatCacheTime = lifetime }, _time);

    private void Remember(SeatCache cache) => cache.Remember(new HeldSeat(1, 7, 5, 1000), _fence.Enter(1));

    private bool Knows(SeatCache cache) => cache.TryFind(1, 5, _fence.Enter(1), out _);
}
