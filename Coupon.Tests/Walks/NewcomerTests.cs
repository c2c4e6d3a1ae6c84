using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Consumers.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coupon.Tests.Walks;

/// <summary>
/// The first minutes of a newcomer, in a real shell and browser: <c>infra/run --stay</c> (here the program that the script builds and hands over to),
/// the button, the console.
/// </summary>
public sealed class NewcomerTests
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newcomer_holds_a_sale_presses_the_button_finds_the_press_at_the_console_and_stops_everything()
    {
        await using var browser = await Browser.StartAsync();

        // A shell that runs the tests in the background has Ctrl-C ignored by all that it starts.
        string[] command =
        [
            "--default-signal=INT",
            "dotnet",
            ServiceFiles.Find("Coupon.Sale"),
            "--users",
            "200",
            "--stock",
            "50",
            "--clients",
            "20",
            "--instances",
            "1",
            "--stay",
        ];
        using var sale = await ChildProcess.StartAsync(new ChildCommand("env", command), logFile: null);
        var said = await SaidAsync(sale, "Ctrl-C stops everything");
        Assert.Contains("The books balance.", said);

        var page = await browser.OpenAsync();
        await page.GotoAsync(WordsAfter(said, "the button")[^1]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Get one" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("You have number 1. It is in the database.");

        // "http://127.0.0.1:4711/console, sign in with KEY"
        var console = WordsAfter(said, "the console");
        await page.GotoAsync(console[0].TrimEnd(','));
        await page.GetByLabel("Your name, for the audit").FillAsync("Nora Newcomer");
        await page.GetByLabel("Operator key").FillAsync(console[^1]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Coupons" }).First).ToContainTextAsync("99 / 100");
        await page.GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByText("They balance")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "1", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Rows" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(2);

        sale.Signal(UnixSignal.Interrupt);
        await sale.WaitForExitAsync(_cancellation).WaitAsync(TimeSpan.FromMinutes(1), _cancellation);
        Assert.Equal(0, sale.ExitCode);
    }

    private static async Task<List<string>> SaidAsync(ChildProcess sale, string last)
    {
        List<string> said = [];
        while (await sale.Output.ReadLineAsync(_cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(2), _cancellation) is { } line)
        {
            said.Add(line.TrimEnd());
            if (line.StartsWith(last, StringComparison.Ordinal))
                break;
        }
        return said;
    }

    private static string[] WordsAfter(List<string> said, string label) =>
        Assert
            .Single(said, line => line.StartsWith(label, StringComparison.Ordinal))[label.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
