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

    [Fact]
    public async Task The_lag_is_shown_after_the_rehearsal_and_still_after_more_messages()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Rehearsal:Batches", "2"), ("Rehearsal:Messages", "7"));
        using var http = new HttpClient();
        var ready = new Uri(bench.Url + "/health/ready");
        await Eventually.IsTrueAsync(async () => (await http.GetAsync(ready, ConsumerBench.Stop)).IsSuccessStatusCode, "the consumer is ready");
        var coupon = await bench.AddCouponAsync(100);
        async Task<bool> LagIsShownAsync() =>
            (await http.GetStringAsync(new Uri(bench.Url + "/metrics"), ConsumerBench.Stop))
                .Split('\n')
                .Any(line =>
                    line.StartsWith("messaging_masstransit_kafka_lag{", StringComparison.Ordinal)
                    && line.Contains($"\"{bench.Settings.CouponIssuedTopic}\"", StringComparison.Ordinal)
                );

        await bench.SendAsync(coupon, 10);
        await bench.RowsAsync(coupon, 10);
        await Eventually.IsTrueAsync(LagIsShownAsync, "the lag is shown");

        await bench.SendAsync(coupon, 10, first: 11);
        await bench.RowsAsync(coupon, 20);
        Assert.True(await LagIsShownAsync());
    }
}
