using Coupon.Api.Issuing.Sending;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Issuing.Sending;

public sealed class ConfirmTimeoutTests(TestServers servers)
{
    [Fact]
    public async Task Answers_that_do_not_wait_for_Kafka_do_not_break_the_circuit()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = new ApiUnderTest(servers) { Kafka = kafka };
        (api.Settings["Issuing:ConfirmTimeout"], api.Settings["Issuing:CircuitThreshold"]) = ("00:00:00", "3");
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        await kafka.SetBrokerDownAsync();

        // All of this happens long before the client gives up a message.
        for (var user = 1; user <= 10; user++)
            Assert.Equal(202, (await api.IssueAsync(coupon, user)).Status);

        Assert.False(api.Services.GetRequiredService<KafkaCircuitBreaker>().IsBroken);
    }
}
