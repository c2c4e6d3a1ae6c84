using System.Diagnostics.Metrics;
using Coupon.Consumers.Consumption;
using Coupon.Tests.Consumers.Issuing;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Consumption;

public sealed class ConsumptionControlTests(TestServers servers)
{
    [Fact]
    public async Task A_topic_full_of_poison_shuts_the_valve_and_stays_in_the_topic_until_an_operator_lets_it_go()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "01:00:00"));
        var coupon = await fixture.AddCouponAsync(10);
        await fixture.SendAsync([.. Enumerable.Range(1, 200).Select(user => ConsumerFixture.Message(31_337, user, user))]);

        await fixture.HealthSaysAsync("ValveShut");
        Assert.Equal(503, (await fixture.HealthAsync()).Code);
        await fixture.SendAsync(coupon, 5);
        Assert.Empty(fixture.DeadLetterTopic());

        await fixture.Get<ConsumptionSwitch>().SetAsync(paused: false, null, "an operator", ConsumerFixture.Stop);

        await fixture.DeadLettersAsync(200);
        await fixture.RowsAsync(coupon, 5);
        Assert.Equal(200, (await fixture.HealthAsync()).Code);
    }

    [Fact]
    public async Task A_resume_leaves_a_valve_alone_that_was_not_shut()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "01:00:00"));
        var coupon = await fixture.AddCouponAsync(10);
        var consumption = fixture.Get<ConsumptionSwitch>();
        await consumption.SetAsync(paused: true, "a look around", "an operator", ConsumerFixture.Stop);
        await fixture.HealthSaysAsync("a look around");
        await consumption.SetAsync(paused: false, null, "an operator", ConsumerFixture.Stop);
        await fixture.SendAsync(coupon, 1);
        await fixture.RowsAsync(coupon, 1);

        await fixture.SendAsync([.. Enumerable.Range(1, 200).Select(user => ConsumerFixture.Message(31_337, user, user))]);

        await fixture.HealthSaysAsync("ValveShut");
        Assert.Empty(fixture.DeadLetterTopic());
    }

    [Fact]
    public async Task A_shut_valve_is_in_the_way_while_its_batch_is_tried_again_too()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "00:00:00.1"));
        await fixture.SendAsync([.. Enumerable.Range(1, 200).Select(user => ConsumerFixture.Message(31_337, user, user))]);
        await fixture.HealthSaysAsync("ValveShut");
        var state = fixture.Get<ConsumptionState>();
        var first = state.Obstacles.First(obstacle => obstacle.Kind == ObstacleKind.ValveShut);

        // Each attempt begins transactions, at least one.
        using var transactions = new TransactionCounter(fixture.Get<IMeterFactory>());
        for (var attempts = 1; attempts <= 20; attempts++)
        {
            await Eventually.IsTrueAsync(() => Task.FromResult(transactions.Begun >= attempts), "the batch to be tried again");
            Assert.Contains(first, state.Obstacles);
        }
    }

    [Fact]
    public async Task A_shut_valve_opens_by_itself_when_what_was_wrong_is_put_right()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "00:00:00.5"));
        var coupon = await fixture.AddCouponAsync(1);
        await fixture.SendAsync(coupon, 100);
        await fixture.HealthSaysAsync("ValveShut");

        await using (var context = fixture.Open())
        {
            (await context.Coupons.FindAsync([coupon], ConsumerFixture.Stop))!.TotalQuantity = 100;
            await context.SaveChangesAsync(ConsumerFixture.Stop);
        }

        await fixture.RowsAsync(coupon, 100);
        Assert.Empty(fixture.DeadLetterTopic());
    }

    [Fact]
    public async Task Paused_nothing_is_written_and_resumed_all_is()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await fixture.AddCouponAsync(100);
        var consumption = fixture.Get<ConsumptionSwitch>();

        await consumption.SetAsync(paused: true, "a look around", "an operator", ConsumerFixture.Stop);
        await fixture.HealthSaysAsync("by an operator: a look around");
        await fixture.SendAsync(coupon, 100);
        await fixture.BatchWaitsAsync();
        Assert.Empty(await fixture.OrdinalsAsync(coupon));

        await consumption.SetAsync(paused: false, null, "an operator", ConsumerFixture.Stop);
        await fixture.RowsAsync(coupon, 100);
    }

    [Fact]
    public async Task An_instance_that_starts_while_the_group_is_paused_writes_nothing_before_it_has_read_the_switch()
    {
        await using var services = await ServiceSettings.CreateAsync(servers);
        long coupon;
        await using (var first = await ConsumerFixture.StartAsync(services, owns: false))
        {
            coupon = await first.AddCouponAsync(100);
            await first.Get<ConsumptionSwitch>().SetAsync(paused: true, "a look around", "an operator", ConsumerFixture.Stop);
            await first.HealthSaysAsync("a look around");
            await first.SendAsync(coupon, 100);
        }
        // A reader of the switch waits for this lock.
        await using var holder = new MySqlConnection(services.MySql);
        await holder.OpenAsync(ConsumerFixture.Stop);
        await holder.ExecuteAsync("LOCK TABLES consumption_switches WRITE");

        await using var fixture = await ConsumerFixture.StartUnreadAsync(services, owns: false);
        await Eventually.IsTrueAsync(async () => (await fixture.HealthAsync()).Code == 200, "the consumer to be ready");
        await fixture.BatchWaitsAsync();
        Assert.Empty(await fixture.OrdinalsAsync(coupon));
        Assert.Contains("SwitchUnread", (await fixture.HealthAsync()).Body, StringComparison.Ordinal);

        await holder.ExecuteAsync("UNLOCK TABLES");
        await fixture.HealthSaysAsync("a look around");
        Assert.Empty(await fixture.OrdinalsAsync(coupon));
        await fixture.Get<ConsumptionSwitch>().SetAsync(paused: false, null, "an operator", ConsumerFixture.Stop);
        await fixture.RowsAsync(coupon, 100);
        await fixture.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
    }
}
