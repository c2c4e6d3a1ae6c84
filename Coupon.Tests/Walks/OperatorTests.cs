using System.Text.Json.Nodes;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Tests.Consumers;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.Playwright;
using MySqlConnector;
using static Microsoft.Playwright.Assertions;

namespace Coupon.Tests.Walks;

/// <summary>
/// The morning of an operator who finds 10,000 dead letters of three causes, in a real browser and shell: each cause is one decision, and none of
/// them eleven clicks.
/// </summary>
public sealed class OperatorTests(TestServers servers)
{
    private const int Unknown = 9_500;
    private const int Undecodable = 100;
    private const int OverIssued = 400;

    [Fact]
    public async Task Ten_thousand_letters_are_three_decisions()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await FillAsync(fixture.Settings.MySql);
        var page = await browser.OpenAsync();
        await page.GotoAsync($"{fixture.OperatorsUrl}/console");
        await page.GetByLabel("Your name, for the audit").FillAsync("Olga Operator");
        await page.GetByLabel("Operator key").FillAsync(ConsumerFixture.OperatorKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        // What happened: three lines, whose counts are those of the lists behind them.
        var causes = page.GetByRole(AriaRole.Region, new() { Name = "Dead letters by cause" });
        foreach (var count in (string[])["9,500", "100", "400"])
            await Expect(causes.GetByRole(AriaRole.Cell, new() { Name = count, Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters", Exact = true }).ClickAsync();
        await Expect(page.GetByText("10,000 dead letters match.")).ToBeVisibleAsync();

        // The coupon is there by now: the largest group is replayed, looked at from another window, and stopped.
        await page.GetByRole(AriaRole.Link, new() { Name = "By cause and place of the failure" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "unknown-coupon" }).GetByRole(AriaRole.Link, new() { Name = "Replay…" }).ClickAsync();
        await Expect(page.GetByText("Filter: state Open, cause unknown-coupon")).ToBeVisibleAsync();
        await page.GetByLabel("Messages a second at most").FillAsync("100");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay 9,500" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        var operation = page.Url;
        await page.GotoAsync($"{fixture.OperatorsUrl}/console/operations");
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Rowheader).GetByRole(AriaRole.Link).ClickAsync();
        Assert.Equal(operation, page.Url);
        await Expect(page.GetByRole(AriaRole.Status)).Not.ToContainTextAsync("Running: 0 of");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Stopped");

        // What nobody can read is kept as a file and given up, with a reason.
        await page.GotoAsync($"{fixture.OperatorsUrl}/console/dead-letters?state=Open&cause=undecodable");
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());
        Assert.Equal(Undecodable + 1, (await File.ReadAllLinesAsync(await file.PathAsync(), ConsumerFixture.Stop)).Length);
        await page.GetByRole(AriaRole.Link, new() { Name = "Discard all that match…" }).ClickAsync();
        await page.GetByLabel("Reason, for the audit").FillAsync("a producer of yesterday");
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard 100" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("100 discarded, 0 skipped");

        // The rest from the shell, as in a night when the console is not at hand.
        var replayed = await CommandAsync(fixture, "dead-letters", "replay", "--cause", "over-issued", "--yes", "--by", "olga");
        Assert.Equal((0, true), (replayed.ExitCode, replayed.Words.Contains("400 of 400 replayed", StringComparison.Ordinal)));
        await Eventually.IsTrueAsync(async () => await CountAsync(fixture, DeadLetterState.Replayed) == 0, "what was replayed to be resolved");

        // Page, list and command agree on what is left, and the audit on who did what.
        var left = Unknown - (await CountAsync(fixture, DeadLetterState.Resolved) - OverIssued);
        Assert.InRange(left, 1, Unknown - 1);
        var groups = JsonNode.Parse((await CommandAsync(fixture, "dead-letters", "groups", "--state", "open", "-o", "json")).Output)!.AsArray();
        var open = Assert.Single(groups)!;
        Assert.Equal(("unknown-coupon", left), ((string)open["cause"]!, (int)open["count"]!));
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters", Exact = true }).ClickAsync();
        await Expect(page.GetByText(FormattableString.Invariant($"{left:N0} dead letters match."))).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Actions", Exact = true }).ClickAsync();
        var actions = page.GetByRole(AriaRole.Region, new() { Name = "Actions" });
        await Expect(actions).ToContainTextAsync("done 100, skipped 0, failed 0");
        await Expect(actions).ToContainTextAsync(FormattableString.Invariant($"stopped: done {Unknown - left}"));
        await Expect(actions).ToContainTextAsync("command line on");
    }

    private static async Task FillAsync(string database)
    {
        await FullLedger.FillAsync(database, Unknown + Undecodable + OverIssued);
        await using var connection = new MySqlConnection(database);
        await connection.ExecuteAsync(
            """
            UPDATE dead_letters SET state = 'Open', failed_in = NULL,
              cause = CASE WHEN id <= @Unknown THEN 'unknown-coupon' WHEN id <= @Unknown + @Undecodable THEN 'undecodable' ELSE 'over-issued' END
            """,
            new { Unknown, Undecodable }
        );
    }

    private static Task<CommandLineRun> CommandAsync(ConsumerFixture fixture, params string[] command) =>
        CommandLineRun.RunAsync(fixture.Settings.Environment, command);

    private static Task<int> CountAsync(ConsumerFixture fixture, DeadLetterState state) =>
        fixture.Get<DeadLetterQueries>().CountAsync(new DeadLetterFilter { States = [state] }, ConsumerFixture.Stop);
}
