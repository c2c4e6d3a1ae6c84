using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Hosting;

/// <summary>What both programs write while a server is away under load: counted in the logs of real processes.</summary>
public sealed class OutageLogTests
{
    [Theory]
    [InlineData("Redis")]
    [InlineData("MySQL")]
    [InlineData("Kafka")]
    public async Task An_outage_does_not_flood_the_log(string away)
    {
        await using var servers = await OwnServers.StartAsync();
        var service = servers.Service;
        await using var api = await LeavingProcess.StartAsync(service, "Coupon.Api");
        await using var consumer = await LeavingProcess.StartAsync(service, "Coupon.Consumers");
        var coupon = await CouponClient.CreateAsync(api.Url, 100_000);
        await using var crowd = new Crowd(coupon, api.Url);
        await crowd.AskAsync(TimeSpan.FromSeconds(1), perSecond: 50);
        var (apiBefore, consumerBefore) = (api.Log.Length, consumer.Log.Length);

        // A frozen MySQL is noticed after half a minute only, when the first command is given up: that one is killed.
        if (away == "MySQL")
            await servers.MySql.KillAsync();
        else
            servers.Freeze(away);
        await crowd.AskAsync(TimeSpan.FromSeconds(12), perSecond: 50);

        // A client of Kafka gives its first message up after eight seconds, and later on a busy machine.
        var begins = $"{away} fails:";
        await Eventually.IsTrueAsync(() => (api.Log[apiBefore..] + consumer.Log[consumerBefore..]).Contains(begins, StringComparison.Ordinal));
        var (fromApi, fromConsumer) = (api.Log[apiBefore..], consumer.Log[consumerBefore..]);
        if (away != "MySQL")
            servers.Thaw(away);

        foreach (var written in (string[])[fromApi, fromConsumer])
        {
            Assert.DoesNotContain("   at ", written, StringComparison.Ordinal);
            Assert.True(written.Length < 4_000, written);
            Assert.True(Count(written, begins) <= 1, written);
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
