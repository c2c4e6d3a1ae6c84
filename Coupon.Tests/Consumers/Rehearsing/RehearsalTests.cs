using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.Rehearsing;

public sealed class RehearsalTests(TestServers servers)
{
    [Fact]
    public async Task A_consumer_is_ready_after_its_rehearsal_and_nothing_is_left_of_it()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Rehearsal:Batches", "2"), ("Rehearsal:Messages", "7"));
        using var http = new HttpClient();
        var ready = new Uri(bench.Url + "/health/ready");
        await Eventually.IsTrueAsync(async () => (await http.GetAsync(ready, ConsumerBench.Stop)).IsSuccessStatusCode, "the consumer is ready");

        var metrics = await http.GetStringAsync(new Uri(bench.Url + "/metrics"), ConsumerBench.Stop);
        Assert.Matches("coupon_rehearsal_transactions\\w*\\{[^}]*\\} [1-9]", metrics);
        Assert.DoesNotMatch("coupon_transactions\\w*\\{[^}]*\\} [1-9]", metrics);
        await using var database = bench.Open();
        Assert.False(await database.IssuedCoupons.AnyAsync(ConsumerBench.Stop));
        Assert.False(await database.DeadLetters.AnyAsync(ConsumerBench.Stop));
    }
}
