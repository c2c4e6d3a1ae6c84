using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

public sealed class OutboxLimitTests(TestServers servers)
{
    [Fact]
    public async Task Without_kafka_202_is_given_from_the_outbox_until_its_limit_and_then_503_until_it_drains()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = new ApiUnderTest(servers) { Kafka = kafka };
        foreach (
            var (name, value) in new[]
            {
                ("Issuing:OutboxLimit", "8"),
                ("Issuing:ConfirmTimeout", "00:00:00.3"),
                ("Issuing:CircuitThreshold", "3"),
                ("Issuing:RelayGrace", "00:00:01"),
                ("Issuing:RelayLease", "00:00:02"),
                ("Issuing:RelayInterval", "00:00:00.2"),
                ("Producer:MessageTimeout", "00:00:01"),
            }
        )
            api.Settings[name] = value;
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        await kafka.SetBrokerDownAsync();

        // The first three wait for the bound. Then the circuit opens, and no answer waits.
        for (var user = 1; user <= 8; user++)
            Assert.Equal((202, "pending"), (await api.IssueAsync(coupon, user)) is var answer ? (answer.Status, answer.Text("status")) : default);
        var refused = await api.IssueAsync(coupon, 9);
        Assert.Equal((503, "outbox-full", TimeSpan.FromSeconds(1)), (refused.Status, refused.Code, refused.RetryAfter));
        Assert.Contains("\"kafka\":{\"status\":\"Degraded\"", (await api.GetAsync("/health/ready")).Body, StringComparison.Ordinal);
        Assert.Equal("pending", (await api.GetAsync($"/coupons/{coupon}/issuances/3")).Text("status"));

        await kafka.SetBrokerUpAsync();
        await Eventually.IsTrueAsync(
            async () => await api.Redis.SortedSetLengthAsync(new CouponKeys(coupon).Outbox) == 0,
            "the relay has emptied the outbox"
        );
        Assert.Equal(202, (await api.IssueAsync(coupon, 9)).Status);
        await Eventually.IsTrueAsync(
            async () => !(await api.GetAsync("/health/ready")).Body.Contains("Degraded", StringComparison.Ordinal),
            "the circuit is closed"
        );
    }
}
