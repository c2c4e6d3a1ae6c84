using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>kill −9 of the consumer while it writes; another process of the same group goes on.</summary>
public sealed class KilledConsumerTests(TestServers servers)
{
    [Fact]
    public async Task A_consumer_that_is_killed_in_the_middle_of_its_work_loses_nothing_and_writes_nothing_twice()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var doomed = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(api.Url, 10_000);
        using var crowd = new SteadyCrowd(coupon, api.Url);

        var asking = crowd.AskAsync(TimeSpan.FromSeconds(3), perSecond: 300);
        await Eventually.IsTrueAsync(() => Task.FromResult(crowd.Accepted.Count > 200), "some were accepted");
        await doomed.KillAsync();
        await using var successor = await service.StartConsumerAsync();
        await asking;

        await Books.AssertEveryPromiseIsARowAsync(service, coupon, crowd.Accepted, TimeSpan.FromSeconds(60));
    }
}
