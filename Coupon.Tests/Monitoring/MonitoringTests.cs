using System.Globalization;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Stock;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Monitoring;

/// <summary>What the alerts and the dashboard ask Prometheus for, against what running processes show at <c>/metrics</c>.</summary>
public sealed class MonitoringTests(TestServers servers)
{
    [Fact]
    public async Task Everything_that_alerts_and_dashboards_ask_for_is_shown_and_the_two_gauges_of_the_books_tell_the_truth()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync(("Balance__Interval", "00:00:01"), ("DeadLetters__CountInterval", "00:00:01"));
        var coupon = await CouponClient.CreateAsync(api.Url, 5);
        using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.ConnectionString);
        await using var crowd = new Crowd(coupon, api.Url);
        await crowd.AskAsync(TimeSpan.FromSeconds(0.5), perSecond: 20);
        await Eventually.IsTrueAsync(
            async () => await ValueAsync(consumer, "coupon_balance_drift", $"coupon=\"{coupon}\"") == 0,
            "the books balance"
        );
        Assert.Equal(0, await ValueAsync(consumer, "coupon_dead_letters_open"));

        // Redis gives out two more than there are: they become dead letters, and the books are off by two.
        // The API remembers for a moment that nothing was left.
        await redis.GetDatabase().HashIncrementAsync(new CouponKeys(coupon).State, StateFields.Remaining, 2);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await crowd.AskAsync(TimeSpan.FromSeconds(0.5), perSecond: 20);
                return crowd.Accepted >= 7;
            },
            "the two are given out"
        );
        Assert.Equal(7, crowd.Accepted);
        await Eventually.IsTrueAsync(async () => await ValueAsync(consumer, "coupon_dead_letters_open") == 2, "two open dead letters");
        await Eventually.IsTrueAsync(async () => await ValueAsync(consumer, "coupon_balance_drift", $"coupon=\"{coupon}\"") == 2, "off by two");

        // The stock is read every five seconds, and was read before there was a coupon.
        await Eventually.IsTrueAsync(
            async () => (await ScrapeAsync(consumer)).Contains("coupon_stock_remaining{", StringComparison.Ordinal),
            "the stock is shown"
        );

        var shown = await ScrapeAsync(api) + await ScrapeAsync(consumer);
        var expressions = Deployed.Alerts.Select(alert => alert.Expression).Concat(Deployed.Panels.Select(panel => panel.Expression)).ToList();
        Assert.True(expressions.Count > 40, "The expressions were not found.");
        foreach (var expression in expressions)
            AssertIsShown(Deployed.OfAllCoupons(expression), shown);

        // Books that nobody can read balance no more than they are off.
        Assert.Equal(0, await ValueAsync(consumer, "coupon_balance_unreadable"));
        await ((LocalRedis)service.Redis).KillAsync();
        await Eventually.IsTrueAsync(async () => await ValueAsync(consumer, "coupon_balance_unreadable") > 0, "unreadable");
        Assert.DoesNotContain("coupon_balance_drift{", await ScrapeAsync(consumer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_instance_watches_at_a_time_and_another_one_goes_on_when_it_stops()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        ServiceProcess[] consumers =
        [
            await service.StartConsumerAsync(("Balance__Interval", "00:00:01")),
            await service.StartConsumerAsync(("Balance__Interval", "00:00:01")),
        ];
        await using var first = consumers[0];
        await using var second = consumers[1];
        var coupon = await CouponClient.CreateAsync(api.Url, 5);
        var ofCoupon = $"coupon=\"{coupon}\"";

        await Eventually.IsTrueAsync(IsShownByOneAsync, "one shows each");

        // The other one has the figures too, for its console.
        await Eventually.IsTrueAsync(
            async () =>
                (await OverviewAsync(first)).Contains("\"drift\":0", StringComparison.Ordinal)
                && (await OverviewAsync(second)).Contains("\"drift\":0", StringComparison.Ordinal),
            "both know the balance"
        );

        var watching = await ValueAsync(first, "coupon_balance_drift", ofCoupon) is null ? second : first;
        consumers = [.. consumers.Except([watching])];
        Assert.True(await watching.StopAsync(TimeSpan.FromSeconds(30)));
        await Eventually.IsTrueAsync(IsShownByOneAsync, "the other one goes on");

        async Task<bool> IsShownByOneAsync()
        {
            var shown = await Task.WhenAll(
                consumers.Select(async consumer =>
                    (
                        Drift: await ValueAsync(consumer, "coupon_balance_drift", ofCoupon),
                        Remaining: await ValueAsync(consumer, "coupon_stock_remaining", ofCoupon)
                    )
                )
            );
            return shown.Count(one => one.Drift == 0) == 1 && shown.Count(one => one.Remaining == 5) == 1;
        }
    }

    [Fact]
    public void Each_alert_names_a_section_of_the_documentation()
    {
        var headings = File.ReadLines(Path.Combine(Snapshot.SourceFolder, "docs", "running.md"))
            .Where(line => line.StartsWith("### ", StringComparison.Ordinal))
            .Select(line => line[4..])
            .ToHashSet();
        Assert.True(Deployed.Alerts.Count > 10, "The alerts were not found.");
        foreach (var (name, _, runbook) in Deployed.Alerts)
        {
            Assert.Contains(name, headings);
            Assert.EndsWith($"/docs/running.md#{name.ToLowerInvariant()}", runbook, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sum by (a, b) (rate(some_total{x=~\"y\"}[15s])) > 5", "some_total", "a,b,x")]
    [InlineData("max(first) != 0 and second{job=\"api\"} > 1", "first,second", "")]
    [InlineData("up == 0", "", "")]
    public void Metrics_and_labels_of_an_expression_are_seen(string expression, string metrics, string labels)
    {
        Assert.Equal(metrics, string.Join(',', PromQl.Metrics(expression)));
        Assert.Equal(labels, string.Join(',', PromQl.Labels(expression)));
    }

    private static void AssertIsShown(string expression, string shown)
    {
        foreach (var metric in PromQl.Metrics(expression))
        {
            var series = shown
                .Split('\n')
                .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) || line.StartsWith(metric + " ", StringComparison.Ordinal))
                .ToList();
            Assert.True(series.Count > 0, $"Nobody shows {metric}, which '{expression}' asks for.");
            foreach (var label in PromQl.Labels(expression))
                Assert.True(
                    series.Exists(line => line.Contains(label + "=\"", StringComparison.Ordinal)),
                    $"{metric} has no label {label}, which '{expression}' asks for."
                );
        }
    }

    private static async Task<double?> ValueAsync(ServiceProcess process, string metric, string label = "") =>
        (await ScrapeAsync(process))
            .Split('\n')
            .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Select(line => (double?)double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture))
            .SingleOrDefault();

    private static async Task<string> OverviewAsync(ServiceProcess consumer)
    {
        using var http = TwoDoors.Client();
        return await http.GetStringAsync(new Uri(consumer.Url, "/ops/overview"), TestContext.Current.CancellationToken);
    }

    private static async Task<string> ScrapeAsync(ServiceProcess process)
    {
        using var http = TwoDoors.Client();
        return await http.GetStringAsync(new Uri(process.Url, "/metrics"), TestContext.Current.CancellationToken);
    }
}
