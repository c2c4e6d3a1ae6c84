using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Hosting;

/// <summary>All instances are replaced one after the other during a sale, behind a balancer: nobody notices.</summary>
public sealed class RollingRestartTests(TestServers servers)
{
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(1);

    [Fact]
    public Task Behind_nginx_no_press_is_lost_or_refused() => AssertNobodyNoticesAsync(LocalBalancer.StartNginxAsync);

    [Fact]
    public Task Behind_a_balancer_of_connections_no_press_is_lost_or_refused() => AssertNobodyNoticesAsync(LocalBalancer.StartHaProxyAsync);

    private async Task AssertNobodyNoticesAsync(Func<Uri, Uri, Task<LocalBalancer>> startBalancer)
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var one = await LeavingProcess.StartAsync(service, "Coupon.Api", ("Stop__Drain", "00:00:04"));
        await using var other = await LeavingProcess.StartAsync(service, "Coupon.Api", ("Stop__Drain", "00:00:04"));
        await using var consumer = await service.StartConsumerAsync();
        await using var balancer = await startBalancer(one.Url, other.Url);
        var coupon = await CouponClient.CreateAsync(one.Url, 1_000_000);
        await using var crowd = new Crowd(coupon, balancer.Url);
        await crowd.AskAsync(_round, perSecond: 100);

        var replacing = ReplaceAsync(one, other);
        while (!replacing.IsCompleted)
            await crowd.AskAsync(_round, perSecond: 100);
        await replacing;
        await crowd.AskAsync(_round, perSecond: 100);

        Assert.Empty(crowd.Refused);
        Assert.True(crowd.Accepted > 300, $"Only {crowd.Accepted} were accepted.");
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
    }

    private static async Task ReplaceAsync(params LeavingProcess[] instances)
    {
        foreach (var instance in instances)
        {
            Assert.Equal(0, await instance.LeaveAsync());
            await instance.StartAgainAsync();
        }
    }
}
