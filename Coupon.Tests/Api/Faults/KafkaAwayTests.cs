using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

/// <summary>
/// An outage of Kafka under 500 requests a second: 6 s, or as long as <c>COUPON_FAULT_SECONDS</c> says.
/// </summary>
public sealed class KafkaAwayTests(TestServers servers)
{
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("COUPON_FAULT_SECONDS"), out var seconds) ? seconds : 6
    );

    [Fact]
    public async Task Every_press_is_accepted_meanwhile_and_written_afterwards()
    {
        var kafka = LocalKafka.IsInstalled ? (IKafkaServer)await LocalKafka.StartAsync() : await MockKafka.StartAsync();
        await using var _ = kafka;
        await using var service = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), kafka, await servers.CreateDatabaseAsync());
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(api.Url, 100_000);
        await using var crowd = new Crowd(coupon, api.Url);

        await crowd.AskAsync(TimeSpan.FromSeconds(1), perSecond: 500);
        await TakeAwayAsync(kafka);
        await crowd.AskAsync(_outage, perSecond: 500);
        await BringBackAsync(kafka);
        await crowd.AskAsync(TimeSpan.FromSeconds(1), perSecond: 500);

        // The grace, a lease that was taken just before the outage ended, and the drain.
        Assert.Empty(crowd.Refused);
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
    }

    private static Task TakeAwayAsync(IKafkaServer kafka) => kafka is LocalKafka real ? real.KillAsync() : ((MockKafka)kafka).SetBrokerDownAsync();

    private static Task BringBackAsync(IKafkaServer kafka) =>
        kafka is LocalKafka real ? real.StartAgainAsync() : ((MockKafka)kafka).SetBrokerUpAsync();
}
