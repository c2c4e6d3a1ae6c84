using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Issuing.Deciding;

public sealed class IssuingTests(ApiUnderTest api, TestServers servers) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task The_first_user_is_told_that_they_are_number_one_and_where_to_follow_it()
    {
        var coupon = await api.CreateCouponAsync(10);

        var answer = await api.IssueAsync(coupon, 5);

        Assert.Equal(202, answer.Status);
        Assert.Equal($"{coupon}-1", answer.Text("issuanceId"));
        Assert.Equal(1, answer.Number("ordinal"));
        Assert.Equal(5, answer.Number("userId"));
        Assert.Equal("pending", answer.Text("status"));
        Assert.Equal($"/coupons/{coupon}/issuances/5", answer.Location);
    }

    [Fact]
    public async Task A_second_press_of_the_user_is_answered_with_the_original_issuance()
    {
        var coupon = await api.CreateCouponAsync(10);
        await api.IssueAsync(coupon, 4);
        var first = await api.IssueAsync(coupon, 5);

        var again = await api.IssueAsync(coupon, 5);

        Assert.Equal((409, "already-issued"), (again.Status, again.Code));
        Assert.Equal(first.Text("issuanceId"), again.Text("issuanceId"));
        Assert.Equal(2, again.Number("ordinal"));
        Assert.Equal(first.Text("issuedAt"), again.Text("issuedAt"));
    }

    [Fact]
    public async Task With_the_same_idempotency_key_the_same_answer_comes_again_byte_by_byte()
    {
        var coupon = await api.CreateCouponAsync(10);
        var first = await api.IssueAsync(coupon, 5, "attempt-1");

        var again = await api.IssueAsync(coupon, 5, "attempt-1");

        Assert.Equal(202, first.Status);
        Assert.Equal(first, again);
    }

    [Theory]
    [InlineData("attempt-1", "attempt-2")]
    [InlineData("attempt-1", null)]
    [InlineData(null, "attempt-1")]
    public async Task With_another_idempotency_key_it_is_another_request(string? firstKey, string? secondKey)
    {
        var coupon = await api.CreateCouponAsync(10);
        await api.IssueAsync(coupon, 5, firstKey);

        Assert.Equal("already-issued", (await api.IssueAsync(coupon, 5, secondKey)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task An_idempotency_key_of_the_wrong_form_is_refused_and_takes_no_seat(string key)
    {
        var coupon = await api.CreateCouponAsync(10);

        var answer = await api.IssueAsync(coupon, 5, key);

        Assert.Equal((400, "invalid-idempotency-key"), (answer.Status, answer.Code));
        Assert.Equal(10, (await api.GetAsync($"/coupons/{coupon}")).Number("remaining"));
    }

    [Fact]
    public async Task Presses_before_and_after_the_window_are_refused()
    {
        var now = TimeProvider.System.GetUtcNow();
        var ahead = await api.CreateCouponAsync(10, opensAt: now.AddHours(1));
        var inside = await api.CreateCouponAsync(10, opensAt: now.AddHours(-1), closesAt: now.AddHours(1));
        var over = await CreateClosingSoonAsync(api);

        var early = await api.IssueAsync(ahead, 5);
        Assert.Equal((409, "not-open-yet"), (early.Status, early.Code));
        Assert.Equal(now.AddHours(1).ToUnixTimeMilliseconds(), early.Json.GetProperty("opensAt").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal(202, (await api.IssueAsync(inside, 5)).Status);
        await ClosesAsync(api, over);
        Assert.Equal("scheduled", (await api.GetAsync($"/coupons/{ahead}")).Text("state"));
        Assert.Equal("closed", (await api.GetAsync($"/coupons/{over}")).Text("state"));
    }

    [Fact]
    public async Task The_clock_of_redis_decides_the_window_and_not_that_of_the_instance()
    {
        await using var slow = new ApiUnderTest(servers) { Clock = new SkewedClock(TimeSpan.FromHours(-2)) };
        await slow.InitializeAsync();
        var now = TimeProvider.System.GetUtcNow();
        var inside = await slow.CreateCouponAsync(10, opensAt: now.AddHours(-1), closesAt: now.AddHours(1));
        var over = await CreateClosingSoonAsync(slow);

        Assert.Equal("open", (await slow.GetAsync($"/coupons/{inside}")).Text("state"));
        Assert.Equal(202, (await slow.IssueAsync(inside, 5)).Status);
        await ClosesAsync(slow, over);
    }

    [Fact]
    public async Task A_thousand_users_at_once_get_every_seat_once_and_in_unbroken_order()
    {
        var coupon = await api.CreateCouponAsync(100);

        var answers = await Task.WhenAll(Enumerable.Range(1, 1000).Select(user => api.IssueAsync(coupon, user)));

        Assert.Equal(
            Enumerable.Range(1, 100).Select(ordinal => (long)ordinal),
            answers.Where(answer => answer.Status == 202).Select(answer => answer.Number("ordinal")).Order()
        );
        Assert.All(answers.Where(answer => answer.Status != 202), answer => Assert.Equal("sold-out", answer.Code));
    }

    [Theory]
    [InlineData(999_999_999)]
    [InlineData(0)]
    public async Task An_unknown_coupon_is_not_sold_out(long coupon)
    {
        var answer = await api.IssueAsync(coupon, 5);

        Assert.Equal((404, "unknown-coupon"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task An_acknowledged_issuance_leaves_the_outbox()
    {
        var coupon = await api.CreateCouponAsync(10);
        await Task.WhenAll(Enumerable.Range(1, 10).Select(user => api.IssueAsync(coupon, user)));

        await Eventually.IsTrueAsync(async () => !await api.Redis.KeyExistsAsync(new Coupon.Stock.CouponKeys(coupon).Outbox), "the outbox is empty");
    }

    // The end must be in the future at the creation, and passes during the test.
    private static Task<long> CreateClosingSoonAsync(ApiUnderTest api) =>
        api.CreateCouponAsync(1000, closesAt: TimeProvider.System.GetUtcNow().AddSeconds(3));

    private static async Task ClosesAsync(ApiUnderTest api, long coupon)
    {
        var user = 0;
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, ++user)).Code == "closed", "it closes");
    }
}
