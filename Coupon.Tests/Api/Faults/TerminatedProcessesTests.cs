using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Faults;

/// <summary>SIGTERM in the middle of a sale, as in every rollout: the process finishes its work and ends by itself.</summary>
public sealed class TerminatedProcessesTests(TestServers servers)
{
    [Fact]
    public async Task An_instance_that_is_asked_to_stop_under_load_ends_with_code_zero_and_keeps_what_it_promised()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var staying = await service.StartApiAsync();
        await using var leaving = await LeavingProcess.StartAsync(service, "Coupon.Api");
        await using var consumer = await service.StartConsumerAsync();

        await SellWhileAsync(service, leaving, staying.Url, leaving.Url);
    }

    [Fact]
    public async Task A_consumer_that_is_asked_to_stop_under_load_ends_with_code_zero_and_its_successor_writes_the_rest()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var leaving = await LeavingProcess.StartAsync(service, "Coupon.Consumers");
        await using var successor = await service.StartConsumerAsync();

        await SellWhileAsync(service, leaving, api.Url);
    }

    private static async Task SellWhileAsync(ServiceSettings service, LeavingProcess leaving, params Uri[] instances)
    {
        var coupon = await CouponClient.CreateAsync(instances[0], 10_000);
        await using var crowd = new Crowd(coupon, instances);
        var asking = crowd.AskAsync(TimeSpan.FromSeconds(3), perSecond: 300);
        await Eventually.IsTrueAsync(() => Task.FromResult(crowd.Accepted > 200), "some were accepted");

        Assert.Equal(0, await leaving.LeaveAsync());

        await asking;
        Assert.Empty(crowd.Refused.Keys.Except([Crowd.NoAnswer]));
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
    }
}
