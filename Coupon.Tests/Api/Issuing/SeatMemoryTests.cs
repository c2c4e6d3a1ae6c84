using Coupon.Api.Issuing;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Coupon.Tests.Stock;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.Api.Issuing;

public sealed class SeatMemoryTests(TestServers servers)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly OpenFence _fence = new();

    [Fact]
    public async Task Who_presses_again_at_once_is_told_the_same_without_Redis()
    {
        await using var api = new ApiUnderTest(servers) { Settings = { ["Issuing:SeatMemory"] = "00:00:30" } };
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(3);
        var first = await api.IssueAsync(coupon, 5, "key-of-five");

        // With the state gone, only memory can know the seat.
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
    public void It_ends_with_its_time()
    {
        var memory = Memory(_lifetime);
        Remember(memory);

        _time.Advance(_lifetime * 0.9);
        Assert.True(Knows(memory));
        _time.Advance(_lifetime * 0.1);
        Assert.False(Knows(memory));
    }

    [Fact]
    public void Nobody_is_kept_by_pressing_again_and_again()
    {
        var memory = Memory(_lifetime);
        Remember(memory);

        for (var press = 0; press < 20; press++)
        {
            Knows(memory);
            _time.Advance(_lifetime / 10);
        }

        Assert.False(Knows(memory));
    }

    [Fact]
    public void A_change_of_the_stock_ends_it_at_once()
    {
        var memory = Memory(_lifetime);
        Remember(memory);

        memory.Forget();
        Assert.False(Knows(memory));

        _time.Advance(_lifetime / 10);
        Remember(memory);
        Assert.True(Knows(memory));
    }

    [Fact]
    public void A_fence_that_was_closed_in_between_ends_it()
    {
        var memory = Memory(_lifetime);
        Remember(memory);

        _fence.Doubt("another Redis, say");

        Assert.False(Knows(memory));
    }

    [Fact]
    public void Nobody_is_told_of_another_ones_seat_however_many_there_are()
    {
        var memory = Memory(_lifetime);
        for (var user = 1; user <= 200_000; user++)
            memory.Remember(1, user, new IssueReply(IssueOutcome.Issued, user, 1000), null, _fence.Enter());

        var known = 0;
        for (var user = 1; user <= 200_000; user++)
        {
            if (!memory.TryRepeat(1, user, null, _fence.Enter(), out var reply))
                continue;
            Assert.Equal(user, reply.Ordinal);
            known++;
        }

        Assert.InRange(known, 10_000, 100_000);
        Assert.False(memory.TryRepeat(2, 200_000, null, _fence.Enter(), out _));
    }

    [Fact]
    public void Without_a_time_nothing_is_remembered()
    {
        var memory = Memory(TimeSpan.Zero);
        Remember(memory);

        Assert.False(Knows(memory));
    }

    private SeatMemory Memory(TimeSpan lifetime) => new(new IssuingOptions { SeatMemory = lifetime }, _time);

    private void Remember(SeatMemory memory) => memory.Remember(1, 5, new IssueReply(IssueOutcome.Issued, 7, 1000), null, _fence.Enter());

    private bool Knows(SeatMemory memory) => memory.TryRepeat(1, 5, null, _fence.Enter(), out _);
}
