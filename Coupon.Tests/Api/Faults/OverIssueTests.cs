using Coupon.Stock;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

public sealed class OverIssueTests(TestServers servers)
{
    [Fact]
    public async Task Seats_above_the_total_are_refused_by_the_database_and_their_users_are_told_why()
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(5);
        await api.Redis.HashIncrementAsync(new CouponKeys(coupon).State, StateFields.Remaining, 3);

        for (var user = 1; user <= 8; user++)
            Assert.Equal(202, (await api.IssueAsync(coupon, user)).Status);
        Assert.Equal("sold-out", (await api.IssueAsync(coupon, 9)).Code);

        // Within a batch, the earlier ordinal keeps its seat. So all messages are in the topic before the consumer starts, and its batch waits
        // until it has those of every partition.
        await using var consumer = await api.Service.StartConsumerAsync(("Batch__TimeLimit", "00:00:03"));
        for (var user = 1; user <= 8; user++)
        {
            var (path, end) = ($"/coupons/{coupon}/issuances/{user}", user <= 5 ? "issued" : "failed");
            await Eventually.IsTrueAsync(async () => (await api.GetAsync(path)).Text("status") == end, $"{user} is {end}");
        }

        Assert.Equal("over-issued", (await api.GetAsync($"/coupons/{coupon}/issuances/8")).Text("reason"));
        var balance = await api.GetAsync($"/coupons/{coupon}/balance");
        Assert.Equal(
            (5, 5, 3, 3),
            (balance.Number("total"), balance.Number("persisted"), balance.Number("openDeadLetters"), balance.Number("drift"))
        );
        Assert.False(balance.Json.GetProperty("addsUp").GetBoolean());
        await using var database = TestDatabase.Open(api.Service.MySql);
        Assert.All(database.DeadLetters, letter =>
            Assert.Equal(
                ("over-issued", $"Coupon {coupon} has no seat left in the database for ordinal {letter.Ordinal}."),
                (letter.Cause, letter.ExceptionMessage)
            )
        );
    }
}
