using Coupon.LocalStack;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

/// <summary>
/// Kafka goes away under 500 requests a second. A few seconds by default; <c>COUPON_FAULT_SECONDS=60</c> makes it the whole minute.
/// </summary>
public sealed class KafkaAwayTests(TestServers servers)
{
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("COUPON_FAULT_SECONDS"), out var seconds) ? seconds : 6
    );

    [Fact]
    public async Task Everybody_is_accepted_meanwhile_and_everybody_is_written_afterwards()
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

        // Grace, one lease that may have been taken just before, and the drain.
        Assert.Empty(crowd.Refused);
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
    }

    private static Task TakeAwayAsync(IKafkaServer kafka) => kafka is LocalKafka real ? real.KillAsync() : ((MockKafka)kafka).SetBrokerDownAsync();

    private static Task BringBackAsync(IKafkaServer kafka) =>
        kafka is LocalKafka real ? real.StartAgainAsync() : ((MockKafka)kafka).SetBrokerUpAsync();
}
