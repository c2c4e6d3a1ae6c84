using System.Globalization;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Monitoring;

/// <summary>The dashboard and the alerts, evaluated by a Prometheus that has watched a sale.</summary>
public sealed class PrometheusTests(TestServers servers)
{
    [Fact]
    public async Task Every_panel_has_data_of_a_sale_with_a_fault_and_the_alerts_that_concern_it_are_raised()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync(("Balance__Interval", "00:00:01"), ("DeadLetters__CountInterval", "00:00:01"));
        await using var prometheus = await LocalPrometheus.StartAsync(
            Deployed.AlertsFile,
            ("api", api.OperatorsUrl),
            ("consumers", consumer.OperatorsUrl)
        );
        await Eventually.IsTrueAsync(async () => (await prometheus.QueryAsync("sum(up) == 2")).Count == 1, "both are scraped");
        var coupon = await CouponClient.CreateAsync(api.Url, 5);

        // Redis gives out two more than there are: they become dead letters, and the books are off by two.
        using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.ConnectionString);
        await redis.GetDatabase().HashIncrementAsync(new CouponKeys(coupon).State, StateFields.Remaining, 2);
        await using var crowd = new Crowd(coupon, api.Url);

        // A rate needs presses between scrapes, so some come as long as there is a panel without data.
        var missing = Deployed.Panels.ToList();
        await Eventually.IsTrueAsync(
            async () =>
            {
                await crowd.AskAsync(TimeSpan.FromSeconds(0.5), perSecond: 20);
                foreach (var panel in missing.ToList())
                {
                    if ((await prometheus.QueryAsync(Deployed.OfAllCoupons(panel.Expression))).Count > 0)
                        missing.Remove(panel);
                }

                return missing.Count == 0;
            },
            () => $"no data: {string.Join(", ", missing)}"
        );
        Assert.True(Deployed.Panels.Count > 30, "The panels were not found.");
        Assert.Equal(7, crowd.Accepted);

        // A series whose last scrape is long ago on a busy machine has no value: Prometheus leaves it out.
        async Task<double?> ValueAsync(string expression) =>
            (await prometheus.QueryAsync(expression)) is [var sample]
                ? double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
                : null;
        await Eventually.IsTrueAsync(async () => await ValueAsync("max(coupon_dead_letters_open)") == 2, "two dead letters");
        await Eventually.IsTrueAsync(async () => await ValueAsync($"max(coupon_stock_remaining{{coupon=\"{coupon}\"}})") == 0, "nothing is left");
        await Eventually.IsTrueAsync(async () => await ValueAsync("sum(coupon_outbox_entries)") == 0, "nothing waits for Kafka");
        Assert.Equal(7, await ValueAsync("sum(coupon_press_duration_seconds_count{outcome=\"Issued\"})"));
        Assert.Equal(0, await ValueAsync("max(coupon_stock_off_sale)"));

        // An alert that waits for its time is pending.
        string[] concerned = ["BooksDoNotBalance", "DeadLettersOpen"];
        IReadOnlyList<(string Name, string State, string Health, string Error)> alerts = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                alerts = await prometheus.AlertsAsync();
                return !concerned.Except(alerts.Where(alert => alert.State is "pending" or "firing").Select(alert => alert.Name)).Any();
            },
            () => $"dead letters and the books raise alerts: {string.Join(", ", alerts)}"
        );
        Assert.Equal(Deployed.Alerts.Select(alert => alert.Name).Order(), alerts.Select(alert => alert.Name).Order());
        Assert.All(alerts, alert => Assert.Equal(("ok", ""), (alert.Health, alert.Error)));
    }

    [Fact]
    public async Task A_process_that_has_died_is_down_and_an_exporter_that_nobody_has_started_is_not()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync();
        await using var prometheus = await LocalPrometheus.StartAsync(
            Deployed.AlertsFile,
            ("api", api.OperatorsUrl),
            ("redis", new Uri($"http://127.0.0.1:{FreePort.OfNobody}"))
        );
        var isDown = Deployed.Alerts.Single(alert => alert.Name == "InstanceDown").Expression;
        await Eventually.IsTrueAsync(async () => (await prometheus.QueryAsync("up == 1")).Count == 1, "the API answers");
        await Eventually.IsTrueAsync(async () => (await prometheus.QueryAsync("up == 0")).Count == 1, "the exporter does not");
        Assert.Empty(await prometheus.QueryAsync(isDown));

        await api.KillAsync();

        await Eventually.IsTrueAsync(async () => (await prometheus.QueryAsync(isDown)).Count > 0, "the API is down");
        Assert.Equal("api", Assert.Single(await prometheus.QueryAsync(isDown)).GetProperty("metric").GetProperty("job").GetString());
    }
}
