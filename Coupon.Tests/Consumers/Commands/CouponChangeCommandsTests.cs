using System.Text.Json.Nodes;
using Coupon.Stock;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Commands;

/// <summary><c>coupons restock</c> and <c>coupons close</c>, as an operator's script runs them.</summary>
public sealed class CouponChangeCommandsTests(TestServers servers)
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Usage = 2;
    private const int NothingMatched = 3;
    private const int Partly = 4;

    [Fact]
    public async Task A_restock_adds_in_MySQL_and_Redis_and_a_repetition_with_the_same_expectation_adds_nothing()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.SellAsync(total: 10, issued: 10)).Id;
        string[] command = ["restock", $"{coupon}", "--quantity", "5", "--expected-total", "10", "--yes", "--by", "olga"];

        var first = await RunAsync(fixture, [.. command, "--output", "json"]);
        var second = await RunAsync(fixture, command);

        Assert.Equal((Done, Failed), (first.ExitCode, second.ExitCode));
        Assert.Equal(15, (int)JsonNode.Parse(first.Output)!["totalQuantity"]!);
        Assert.Contains("The total is 15 now.", first.Words, StringComparison.Ordinal);
        Assert.Contains("The total is 15, and not the expected one", second.Words, StringComparison.Ordinal);
        Assert.Equal(5, (await fixture.SeatsAsync(coupon)).Remaining);
        Assert.Equal(
            [("olga", "restock", coupon, "exit 0"), ("olga", "restock", coupon, "exit 1")],
            await AuditedActions.InShortAsync(fixture.Settings.MySql)
        );
    }

    [Fact]
    public async Task A_closed_coupon_is_closed_in_both_and_takes_no_restock()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.SellAsync(total: 10, issued: 3)).Id;

        var closed = await RunAsync(fixture, "close", $"{coupon}", "--yes", "--by", "olga", "-o", "json");
        var again = await RunAsync(fixture, "close", $"{coupon}", "--yes", "--by", "olga");
        var restocked = await RunAsync(fixture, "restock", $"{coupon}", "--quantity", "1", "--yes", "--by", "olga");

        Assert.Equal((Done, Done, Failed), (closed.ExitCode, again.ExitCode, restocked.ExitCode));
        Assert.Equal("closed", (string)JsonNode.Parse(closed.Output)!["stage"]!);
        Assert.Contains("Closed since ", again.Words, StringComparison.Ordinal);
        Assert.Contains("was closed by hand", restocked.Words, StringComparison.Ordinal);
        Assert.Equal(1, (int)await fixture.Redis.HashGetAsync(new CouponKeys(coupon).State, StateFields.Closed));
        Assert.Equal(
            [("olga", "close", coupon, "exit 0"), ("olga", "close", coupon, "exit 0"), ("olga", "restock", coupon, "exit 1")],
            await AuditedActions.InShortAsync(fixture.Settings.MySql)
        );
    }

    [Fact]
    public async Task Without_Redis_the_change_is_in_MySQL_and_the_exit_code_says_that_it_is_only_there()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.AddCouponAsync(10)).Id;
        var environment = new Dictionary<string, string>(fixture.Settings.Environment) { ["ConnectionStrings__Redis"] = "127.0.0.1:1" };

        var restocked = await CommandLineRun.RunAsync(environment, "coupons", "restock", $"{coupon}", "--quantity", "5", "--yes");
        var closed = await CommandLineRun.RunAsync(environment, "coupons", "close", $"{coupon}", "--yes");

        Assert.Equal((Partly, Partly), (restocked.ExitCode, closed.ExitCode));
        Assert.Contains("Do not repeat the command.", restocked.Words, StringComparison.Ordinal);
        Assert.Contains("It is closed in MySQL. Redis does not answer", closed.Words, StringComparison.Ordinal);
        await using var context = fixture.Open();
        var row = (await context.Coupons.FindAsync([coupon], LedgerFixture.Stop))!;
        Assert.Equal((15, true), (row.TotalQuantity, row.ClosedAt is not null));
    }

    [Fact]
    public async Task Nothing_is_changed_or_recorded_without_an_answer_or_of_a_coupon_that_does_not_exist()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = (await fixture.AddCouponAsync(10)).Id;

        var unanswered = await RunAsync(fixture, "close", $"{coupon}");
        var unknown = await RunAsync(fixture, "restock", "4711", "--quantity", "5", "--yes");
        var endless = await RunAsync(fixture, "restock", $"{coupon}", "--quantity", "1000000000", "--yes");

        Assert.Equal((Usage, NothingMatched, Failed), (unanswered.ExitCode, unknown.ExitCode, endless.ExitCode));
        Assert.Contains("Close coupon", unanswered.Words, StringComparison.Ordinal);
        Assert.Contains("There is no coupon 4711.", unknown.Words, StringComparison.Ordinal);
        Assert.Contains("The total would exceed 1000000000", endless.Words, StringComparison.Ordinal);
        Assert.Equal("exit 1", Assert.Single(await AuditedActions.OfAsync(fixture.Settings.MySql)).Result);
    }

    private static Task<CommandLineRun> RunAsync(LedgerFixture fixture, params string[] arguments) =>
        CommandLineRun.RunAsync(fixture.Settings.Environment, ["coupons", .. arguments]);
}
