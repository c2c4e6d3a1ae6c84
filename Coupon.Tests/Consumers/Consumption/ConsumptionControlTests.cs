using Coupon.Consumers.Consumption;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Consumption;

public sealed class ConsumptionControlTests(TestServers servers)
{
    [Fact]
    public async Task A_topic_full_of_poison_shuts_the_valve_and_stays_in_the_topic_until_an_operator_lets_it_go()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "01:00:00"));
        var coupon = await bench.AddCouponAsync(10);
        await bench.SendAsync([.. Enumerable.Range(1, 200).Select(user => ConsumerBench.Message(31_337, user, user))]);

        await bench.HealthSaysAsync("ValveShut");
        Assert.Equal(503, (await bench.HealthAsync()).Code);
        await bench.SendAsync(coupon, 5);
        Assert.Empty(bench.DeadLetterTopic());

        await bench.Get<ConsumptionSwitch>().TurnAsync(paused: false, null, "an operator", ConsumerBench.Stop);

        await bench.DeadLettersAsync(200);
        await bench.RowsAsync(coupon, 5);
        Assert.Equal(200, (await bench.HealthAsync()).Code);
    }

    [Fact]
    public async Task A_resume_leaves_a_valve_alone_that_was_not_shut()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "01:00:00"));
        var coupon = await bench.AddCouponAsync(10);
        var consumption = bench.Get<ConsumptionSwitch>();
        await consumption.TurnAsync(paused: true, "a look around", "an operator", ConsumerBench.Stop);
        await bench.HealthSaysAsync("a look around");
        await consumption.TurnAsync(paused: false, null, "an operator", ConsumerBench.Stop);
        await bench.SendAsync(coupon, 1);
        await bench.RowsAsync(coupon, 1);

        await bench.SendAsync([.. Enumerable.Range(1, 200).Select(user => ConsumerBench.Message(31_337, user, user))]);

        await bench.HealthSaysAsync("ValveShut");
        Assert.Empty(bench.DeadLetterTopic());
    }

    [Fact]
    public async Task A_shut_valve_is_in_the_way_while_its_batch_is_tried_again_too()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "00:00:00.1"));
        await bench.SendAsync([.. Enumerable.Range(1, 200).Select(user => ConsumerBench.Message(31_337, user, user))]);
        await bench.HealthSaysAsync("ValveShut");
        var state = bench.Get<ConsumptionState>();
        var first = state.Obstacles.First(obstacle => obstacle.Trouble == Trouble.ValveShut);

        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, ConsumerBench.Stop);

        Assert.Contains(first, state.Obstacles);
    }

    [Fact]
    public async Task A_shut_valve_opens_by_itself_when_what_was_wrong_is_put_right()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Valve:MinimumMessages", "10"), ("Valve:ProbeInterval", "00:00:00.5"));
        var coupon = await bench.AddCouponAsync(1);
        await bench.SendAsync(coupon, 100);
        await bench.HealthSaysAsync("ValveShut");

        await using (var context = bench.Open())
        {
            (await context.Coupons.FindAsync([coupon], ConsumerBench.Stop))!.TotalQuantity = 100;
            await context.SaveChangesAsync(ConsumerBench.Stop);
        }

        await bench.RowsAsync(coupon, 100);
        Assert.Empty(bench.DeadLetterTopic());
    }

    [Fact]
    public async Task Paused_nothing_is_written_and_resumed_all_is()
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        var coupon = await bench.AddCouponAsync(100);
        var consumption = bench.Get<ConsumptionSwitch>();

        await consumption.TurnAsync(paused: true, "a look around", "an operator", ConsumerBench.Stop);
        await bench.HealthSaysAsync("by an operator: a look around");
        await bench.SendAsync(coupon, 100);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ConsumerBench.Stop);
        Assert.Empty(await bench.OrdinalsAsync(coupon));

        await consumption.TurnAsync(paused: false, null, "an operator", ConsumerBench.Stop);
        await bench.RowsAsync(coupon, 100);
    }

    [Fact]
    public async Task An_instance_that_starts_while_the_group_is_paused_writes_nothing_before_it_has_read_the_switch()
    {
        await using var services = await ServiceSettings.CreateAsync(servers);
        long coupon;
        await using (var first = await ConsumerBench.StartAsync(services, owns: false))
        {
            coupon = await first.AddCouponAsync(100);
            await first.Get<ConsumptionSwitch>().TurnAsync(paused: true, "a look around", "an operator", ConsumerBench.Stop);
            await first.HealthSaysAsync("a look around");
            await first.SendAsync(coupon, 100);
        }
        // Whoever asks how the switch stands waits for the answer.
        await using var holder = new MySqlConnection(services.MySql);
        await holder.OpenAsync(ConsumerBench.Stop);
        await holder.ExecuteAsync("LOCK TABLES consumption_switches WRITE");

        await using var bench = await ConsumerBench.StartUnreadAsync(services, owns: false);
        await ConsumerBench.UntilAsync(async () => (await bench.HealthAsync()).Code == 200, "the consumer to be ready");
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, ConsumerBench.Stop);
        Assert.Empty(await bench.OrdinalsAsync(coupon));
        Assert.Contains("SwitchUnread", (await bench.HealthAsync()).Body, StringComparison.Ordinal);

        await holder.ExecuteAsync("UNLOCK TABLES");
        await bench.HealthSaysAsync("a look around");
        Assert.Empty(await bench.OrdinalsAsync(coupon));
        await bench.Get<ConsumptionSwitch>().TurnAsync(paused: false, null, "an operator", ConsumerBench.Stop);
        await bench.RowsAsync(coupon, 100);
        await bench.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
    }
}
