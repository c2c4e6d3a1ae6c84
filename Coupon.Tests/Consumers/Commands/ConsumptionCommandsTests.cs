using System.Text.Json.Nodes;
using Coupon.Consumers.Issuing;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Commands;

/// <summary><c>pause</c>, <c>resume</c> and <c>status</c>, as an operator runs them.</summary>
public sealed class ConsumptionCommandsTests(TestServers servers)
{
    [Fact]
    public async Task A_pause_stops_a_running_consumer_and_a_resume_lets_it_go_on()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await fixture.AddCouponAsync(10);

        Assert.Equal(0, (await RunAsync(fixture.Settings, "pause", "--reason", "a look around", "--by", "olga")).ExitCode);
        await fixture.HealthSaysAsync("by olga: a look around");
        await fixture.SendAsync(coupon, 10);
        await fixture.BatchWaitsAsync();
        Assert.Empty(await fixture.OrdinalsAsync(coupon));

        Assert.Equal(0, (await RunAsync(fixture.Settings, "resume", "--by", "ivan")).ExitCode);
        await fixture.RowsAsync(coupon, 10);
    }

    [Fact]
    public async Task Who_paused_and_why_is_shown_and_stays_in_the_audit()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);

        var before = await StatusAsync(fixture);
        var paused = await RunAsync(fixture.Settings, "pause", "--reason", "Jörg's look", "--by", "Zoë", "-o", "json");
        var during = await StatusAsync(fixture);
        var table = await RunAsync(fixture.Settings, "status");
        await RunAsync(fixture.Settings, "resume", "--by", "ivan");
        var after = await StatusAsync(fixture);

        Assert.Equal((false, null), ((bool)before["paused"]!, (string?)before["changedBy"]));
        Assert.Equal((true, "Jörg's look", "Zoë"), ((bool)during["paused"]!, (string)during["reason"]!, (string)during["changedBy"]!));
        Assert.Equal((false, null, "ivan"), ((bool)after["paused"]!, (string?)after["reason"], (string)after["changedBy"]!));
        Assert.Contains("\"reason\": \"Jörg's look\"", paused.Output, StringComparison.Ordinal);
        Assert.EndsWith("Z", (string)during["changedAt"]!, StringComparison.Ordinal);
        Assert.Contains("by Zoë: Jörg's look", table.Output, StringComparison.Ordinal);
        Assert.Equal(
            [("Zoë", "pause", null, "exit 0"), ("ivan", "resume", null, "exit 0")],
            await AuditedActions.InShortAsync(fixture.Settings.MySql)
        );
    }

    [Fact]
    public async Task The_status_counts_coupons_by_stage_and_dead_letters_by_cause()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.AddCouponAsync(10);
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(1), fixture.Letter(2), fixture.Letter(3, cause: RejectionCauses.OverIssued)],
            LedgerFixture.Stop
        );

        var status = JsonNode.Parse((await RunAsync(fixture.Settings, "status", "--output", "json")).Output)!;

        Assert.Equal((0, 1, 0), ((int)status["coupons"]!["scheduled"]!, (int)status["coupons"]!["open"]!, (int)status["coupons"]!["closed"]!));
        Assert.Equal(
            [("unknown-coupon", "open", 2), ("over-issued", "open", 1)],
            status["deadLetters"]!.AsArray().Select(group => ((string)group!["cause"]!, (string)group["state"]!, (int)group["count"]!))
        );
    }

    [Fact]
    public async Task MySql_is_enough_for_the_switch_the_status_and_the_coupons()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(10);
        var environment = new Dictionary<string, string>(fixture.Settings.Environment)
        {
            ["ConnectionStrings__Redis"] = "127.0.0.1:1",
            ["ConnectionStrings__Kafka"] = "127.0.0.1:1",
        };

        foreach (
            var command in (string[][])
                [
                    ["pause", "--reason", "x"],
                    ["status"],
                    ["resume"],
                    ["coupons", "list"],
                    ["coupons", "show", $"{coupon.Id}"],
                ]
        )
        {
            var run = await CommandLineRun.RunAsync(environment, command);
            Assert.Equal((string.Join(' ', command), 0), (string.Join(' ', command), run.ExitCode));
        }
    }

    [Theory]
    [InlineData("pause", "--reason", "x")]
    [InlineData("resume")]
    [InlineData("status")]
    [InlineData("coupons", "list")]
    public async Task A_database_that_is_away_is_said_in_words_and_ends_with_1(params string[] command)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__MySql"] = "Server=127.0.0.1;Port=1;User=x;Password=a-secret;Database=y",
            ["ConnectionStrings__Kafka"] = "127.0.0.1:1",
        };

        var run = await CommandLineRun.RunAsync(environment, command);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("MySQL does not answer", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Words, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> StatusAsync(LedgerFixture fixture) =>
        JsonNode.Parse((await RunAsync(fixture.Settings, "status", "--output", "json")).Output)!["consumption"]!;

    private static Task<CommandLineRun> RunAsync(ServiceSettings settings, params string[] arguments) =>
        CommandLineRun.RunAsync(settings.Environment, arguments);
}
