using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Coupon.Tests.Stock;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Api.Limits;

/// <summary>Thousands of connections that say nothing, or too little, beside a sale.</summary>
public sealed class SlowClientTests(TestServers servers)
{
    private const int Idle = 5_000;
    private const int Slow = 3_000;
    private const int Users = 300;

    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_connections_and_slow_bodies_close_no_fence_and_delay_no_press()
    {
        var redis = await LocalRedis.StartAsync();
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        await using var sale = await FaultySale.StartAsync(
            settings,
            redis,
            1_000,
            more: [],
            instances:
            [
                [],
            ]
        );
        var api = sale.Instances[0];
        var before = await StandingAsync(sale);
        List<RawConnection> clients = [];
        try
        {
            await OpenAsync(clients, api.Url, Idle, "");
            var head = $"POST /coupons/{sale.CouponId}/issuances HTTP/1.1\r\nHost: {api.Url.Authority}\r\nContent-Type: application/json\r\n";
            await OpenAsync(clients, api.Url, Slow, head + "Content-Length: 20\r\n\r\n{");
            await using var during = new Crowd(sale.CouponId, api.Url);
            await during.AskAsync(TimeSpan.FromSeconds(10), Users / 10);
            Assert.Empty(during.Refused);
            Assert.InRange(during.Accepted, Users / 2, Users);

            // Half of them vanish without a word.
            foreach (var client in clients.Where((_, number) => number % 2 == 0))
                client.Reset();
            Assert.Equal(202, await PressAsync(api, sale.CouponId, Users + 1));
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }

        Assert.Equal(before, await StandingAsync(sale));
        Assert.Equal(202, await PressAsync(api, sale.CouponId, Users + 2));
        Assert.False(api.HasExited);
    }

    // Which instances MySQL knows, and which verifications: a heartbeat that came too late adds to the one, a fence that closed to the other.
    private static async Task<(string Instances, string Verifications)> StandingAsync(FaultySale sale)
    {
        await using var database = TestDatabase.Open(sale.Settings.MySql);
        return (
            string.Join(' ', await database.StockInstances.Select(row => row.Id).Order().ToListAsync(_cancel)),
            string.Join(' ', await database.StockVerifications.Select(row => row.Id).Order().ToListAsync(_cancel))
        );
    }

    private static async Task OpenAsync(List<RawConnection> clients, Uri server, int count, string text)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(100))
        {
            var opened = await Task.WhenAll(some.Select(_ => RawConnection.OpenAsync(server)));
            clients.AddRange(opened);
            if (text.Length > 0)
                await Task.WhenAll(opened.Select(client => client.SendAsync(text)));
        }
    }

    private static async Task<int> PressAsync(ServiceProcess api, long couponId, long user)
    {
        var answer = await RawConnection.AskAsync(
            api.Url,
            $"POST /coupons/{couponId}/issuances",
            ["Content-Type: application/json"],
            $$"""{"userId":{{user}}}"""
        );
        return answer.Status;
    }
}
