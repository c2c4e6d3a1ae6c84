using Coupon.Api.Issuing;
using Coupon.LocalStack;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Issuing;

public sealed class ConfirmTimeoutTests(TestServers servers)
{
    [Fact]
    public async Task Who_does_not_wait_for_Kafka_misses_no_acknowledgement()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = new ApiUnderTest(servers) { Kafka = kafka };
        (api.Settings["Issuing:ConfirmTimeout"], api.Settings["Issuing:CircuitThreshold"]) = ("00:00:00", "3");
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        await kafka.SetBrokerDownAsync();

        // Long before the client gives any of them up.
        for (var user = 1; user <= 10; user++)
            Assert.Equal(202, (await api.IssueAsync(coupon, user)).Status);

        Assert.False(api.Services.GetRequiredService<KafkaCircuit>().IsOpen);
    }
}
