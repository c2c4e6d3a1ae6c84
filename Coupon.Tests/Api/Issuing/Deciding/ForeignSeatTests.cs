using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Issuing.Deciding;

public sealed class ForeignSeatTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Theory]
    [InlineData("3:-62135596800000")]
    [InlineData("3:")]
    [InlineData("nonsense")]
    public async Task A_seat_that_another_program_wrote_is_a_seat_and_disturbs_no_other_answer(string seat)
    {
        var coupon = await api.CreateCouponAsync(10);
        await api.Redis.HashSetAsync(new CouponKeys(coupon).Users, 7, seat);

        var answers = await Task.WhenAll(Enumerable.Range(5, 5).Select(user => api.IssueAsync(coupon, user)));

        Assert.Equal([202, 202, 409, 202, 202], answers.Select(answer => answer.Status));
        Assert.Equal("already-issued", answers[2].Code);
    }

    /// <summary>During a rollout: the instance that is told of the seat knows a part of its text only, and answers for the whole entry.</summary>
    [Theory]
    [InlineData("later")]
    [InlineData("later:still")]
    public async Task A_seat_to_which_a_later_version_has_added_something_keeps_its_user_its_key_and_its_entry(string addition)
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        Assert.True(IdempotencyKey.TryHash("a-key", out var hash));
        var seat = $"3:1800000000000:{hash}:{addition}";
        var member = HeldSeat.OutboxMember(7, seat);
        await api.Redis.HashSetAsync(keys.Users, 7, seat);
        await api.Redis.SortedSetAddAsync(keys.Outbox, member, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

        var (repeated, other) = (await api.IssueAsync(keys.CouponId, 7, "a-key"), await api.IssueAsync(keys.CouponId, 7));

        Assert.Equal((202, 3L), (repeated.Status, repeated.Number("ordinal")));
        Assert.Equal(("already-issued", 3L), (other.Code, other.Number("ordinal")));
        var entry = new OutboxEntry(keys.CouponId, member);
        Assert.Contains(entry, api.Services.GetRequiredService<UnconfirmedIssuances>().EntriesTold());
        Assert.True(entry.TryGetSeat(out var held));
        Assert.Equal(new HeldSeat(keys.CouponId, 3, 7, 1800000000000, hash), held);
    }
}
