using System.Text.RegularExpressions;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.WarmingUp;

public sealed partial class WarmUpTests(TestServers servers)
{
    /// <summary>All four partitions, and nothing waits in any.</summary>
    private const string Done = "0:0 1:0 2:0 3:0";

    [Fact]
    public async Task A_consumer_is_ready_after_its_warm_up_and_nothing_is_left_of_it()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("WarmUp:Batches", "2"), ("WarmUp:Messages", "7"));
        using var http = TwoDoors.Client();
        var ready = new Uri(fixture.Url + "/health/ready");
        await Eventually.IsTrueAsync(async () => (await http.GetAsync(ready, ConsumerFixture.Stop)).IsSuccessStatusCode, "the consumer is ready");

        var metrics = await http.GetStringAsync(new Uri(fixture.Url + "/metrics"), ConsumerFixture.Stop);
        Assert.Matches("coupon_warm_up_transactions\\w*\\{[^}]*\\} [1-9]", metrics);
        Assert.DoesNotMatch("coupon_transactions\\w*\\{[^}]*\\} [1-9]", metrics);
        await using var database = fixture.Open();
        Assert.False(await database.IssuedCoupons.AnyAsync(ConsumerFixture.Stop));
        Assert.False(await database.DeadLetters.AnyAsync(ConsumerFixture.Stop));
    }

    /// <summary>What a warm-up or another member leaves behind when it ends must not silence what is measured for the life of the process.</summary>
    [Fact]
    public async Task The_lag_is_scraped_after_the_warm_up_after_more_messages_and_after_a_rebalance()
    {
        (string, string)[] warmUp = [("WarmUp:Batches", "2"), ("WarmUp:Messages", "7")];
        await using var fixture = await ConsumerFixture.StartAsync(servers, warmUp);
        await ReadyAsync(fixture);
        var coupon = await fixture.AddCouponAsync(100);

        await WriteAsync(fixture, coupon, 10);
        await Eventually.IsTrueAsync(async () => await ScrapeLagAsync(fixture) == Done, "the lag of each partition is scraped");

        await WriteAsync(fixture, coupon, 20);
        Assert.Equal(Done, await ScrapeLagAsync(fixture));

        // Another member takes its share of the partitions, and gives it back.
        await using (var other = await ConsumerFixture.StartAsync(fixture.Settings, owns: false, warmUp))
        {
            await ReadyAsync(other);
            await WriteAsync(fixture, coupon, 30);
            await Eventually.IsTrueAsync(async () => await ScrapeLagAsync(other) == Done, "the other member scrapes it too");
        }

        await WriteAsync(fixture, coupon, 40);
        await Eventually.IsTrueAsync(async () => await ScrapeLagAsync(fixture) == Done, "the lag is scraped after the rebalance");
        await WriteAsync(fixture, coupon, 50);
        Assert.Equal(Done, await ScrapeLagAsync(fixture));
    }

    private static async Task ReadyAsync(ConsumerFixture fixture)
    {
        using var http = TwoDoors.Client();
        var ready = new Uri(fixture.Url + "/health/ready");
        await Eventually.IsTrueAsync(async () => (await http.GetAsync(ready, ConsumerFixture.Stop)).IsSuccessStatusCode, "the consumer is ready");
    }

    /// <summary>Sends as many as are missing, and waits until all are written.</summary>
    private static async Task WriteAsync(ConsumerFixture fixture, long coupon, int last)
    {
        const int atATime = 10;
        await fixture.SendAsync(coupon, atATime, first: last - atATime + 1);
        await fixture.RowsAsync(coupon, last);
    }

    /// <returns>Each partition of the topic with what it shows.</returns>
    private static async Task<string> ScrapeLagAsync(ConsumerFixture fixture)
    {
        using var http = TwoDoors.Client();
        var shown = await http.GetStringAsync(new Uri(fixture.Url + "/metrics"), ConsumerFixture.Stop);
        return string.Join(
            ' ',
            Lag()
                .Matches(shown)
                .Where(line => line.Groups["labels"].Value.Contains($"\"{fixture.Settings.CouponIssuedTopic}\"", StringComparison.Ordinal))
                .Select(line => $"{Partition().Match(line.Groups["labels"].Value).Groups[1].Value}:{line.Groups["value"].Value}")
                .Order(StringComparer.Ordinal)
        );
    }

    [GeneratedRegex("^messaging_masstransit_kafka_lag\\{(?<labels>[^}]*)\\} (?<value>\\S+)", RegexOptions.Multiline)]
    private static partial Regex Lag();

    [GeneratedRegex("partition=\"(\\d+)\"")]
    private static partial Regex Partition();
}
