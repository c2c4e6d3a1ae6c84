using Coupon.Stock;

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
}
