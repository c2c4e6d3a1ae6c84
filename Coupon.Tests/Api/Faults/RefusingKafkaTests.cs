using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

/// <summary>A Kafka that answers and refuses records: the outbox holds them, and health repeats the reason of Kafka.</summary>
public sealed class RefusingKafkaTests(TestServers servers)
{
    [Theory]
    [InlineData("cleanup.policy", "compact", "delete")]
    [InlineData("max.message.bytes", "50", "1000000")]
    public async Task A_press_is_held_and_health_says_why_until_the_topic_takes_it(string setting, string refuses, string takes)
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "Only a real Kafka has topics with settings.");
        await using var api = new ApiUnderTest(servers)
        {
            Settings =
            {
                ["Issuing:RelayGrace"] = "00:00:01",
                ["Issuing:ConfirmTimeout"] = "00:00:01",
                ["Issuing:RelayLease"] = "00:00:08",
            },
        };
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(10);

        await SetAsync(api, setting, refuses);
        var held = await api.IssueAsync(coupon, 1);

        Assert.Equal(202, held.Status);
        await Eventually.IsTrueAsync(async () => (await HealthAsync(api)).Contains("Degraded", StringComparison.Ordinal), "health says so");
        Assert.Contains("Broker: ", await HealthAsync(api), StringComparison.Ordinal);
        await SetAsync(api, setting, takes);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(TopicReader.ReadAll(api.Service.Kafka.ConnectionString, api.Service.CouponIssuedTopic).Count > 0),
            "the relay sends it"
        );
        await Eventually.IsTrueAsync(async () => !(await HealthAsync(api)).Contains("Degraded", StringComparison.Ordinal), "it is over");
    }

    private static async Task SetAsync(ApiUnderTest api, string setting, string value)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = api.Service.Kafka.ConnectionString }).Build();
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = api.Service.CouponIssuedTopic };
        await admin.IncrementalAlterConfigsAsync(
            new()
            {
                [resource] =
                [
                    new ConfigEntry
                    {
                        Name = setting,
                        Value = value,
                        IncrementalOperation = AlterConfigOpType.Set,
                    },
                ],
            }
        );
    }

    private static async Task<string> HealthAsync(ApiUnderTest api)
    {
        using var answer = await api.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }
}
