using Coupon.Consumers.Consumption;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.Playwright;
using StackExchange.Redis;
using static Microsoft.Playwright.Assertions;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>
/// The console in a real browser. With <c>COUPON_SCREENSHOTS</c> naming a folder (<c>docs/images</c>), the pictures of the documentation are made
/// anew.
/// </summary>
public sealed class ConsoleTests(TestServers servers)
{
    [Fact]
    public async Task An_operator_finds_a_group_opens_a_message_replays_it_and_sees_it_resolved()
    {
        await using var browser = await Browser.StartAsync();
        await using var bench = await ConsumerBench.StartAsync(servers);
        var coupon = await SellTooManyAsync(bench);
        var page = await SignInAsync(browser, bench);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Coupons" }).First).ToContainTextAsync("97 / 100");
        await ShootAsync(page, "console-overview");

        await page.GetByRole(AriaRole.Link, new() { Name = "over-issued" }).ClickAsync();
        await ShootAsync(page, "console-dead-letters");
        await page.GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator("dl").First).ToContainTextAsync("has no seat left in the database");
        await Expect(page.GetByLabel("Value")).ToContainTextAsync($"\"couponId\":{coupon}");
        await ShootAsync(page, "console-dead-letter");
        await RestockAsync(bench, coupon);

        await page.GetByRole(AriaRole.Link, new() { Name = "Replay…" }).ClickAsync();
        await ShootAsync(page, "console-replay");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay 1" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 replayed, 0 skipped");
        await ConsumerBench.UntilAsync(
            async () =>
            {
                await page.ReloadAsync();
                return await page.Locator(".state.resolved").CountAsync() == 1;
            },
            "the message to be resolved"
        );
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Audit" })).ToContainTextAsync("Olga Operator");
        await ShootAsync(page, "console-resolved");
    }

    [Fact]
    public async Task A_whole_group_is_replayed_and_another_discarded_with_a_reason()
    {
        await using var browser = await Browser.StartAsync();
        await using var bench = await ConsumerBench.StartAsync(servers);
        await SellTooManyAsync(bench);
        var page = await SignInAsync(browser, bench);

        await page.GotoAsync($"{bench.OperatorsUrl}/console/dead-letters");
        await page.GetByLabel("Cause").FillAsync("undecodable");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Discard all that match…" }).ClickAsync();
        await page.GetByLabel("Reason, for the audit").FillAsync("<b>not ours</b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard 2" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("2 discarded");

        await page.GotoAsync($"{bench.OperatorsUrl}/console/dead-letters?state=Discarded");
        await page.GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Audit" })).ToContainTextAsync("<b>not ours</b>");

        await page.GotoAsync($"{bench.OperatorsUrl}/console/dead-letters?state=Open");
        await page.GetByRole(AriaRole.Link, new() { Name = "Replay all that match…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay 3" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("3 replayed");
    }

    [Fact]
    public async Task Who_is_refused_something_reads_why()
    {
        await using var browser = await Browser.StartAsync();
        await using var bench = await ConsumerBench.StartAsync(servers);
        await SellTooManyAsync(bench);
        var page = await SignInAsync(browser, bench);

        await page.GotoAsync($"{bench.OperatorsUrl}/console/dead-letters?cause=undecodable");
        await page.GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Replay…" }).ClickAsync();
        await page.GetByText("Change the message first").ClickAsync();
        await page.GetByLabel("Coupon").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay 1" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status))
            .ToContainTextAsync("0 replayed, 0 skipped because somebody else was dealing with them, 1 refused or failed");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Refused or failed" })).ToContainTextAsync("an ordinal");
    }

    [Fact]
    public async Task It_is_paused_and_resumed_by_keyboard_alone_at_the_width_of_a_phone()
    {
        await using var browser = await Browser.StartAsync();
        await using var bench = await ConsumerBench.StartAsync(servers);
        await SellTooManyAsync(bench);
        var page = await SignInAsync(browser, bench, width: 380);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than the phone.");
        await ShootAsync(page, "console-phone");

        await TabToAsync(page, "reason");
        await page.Keyboard.TypeAsync("a look around");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("Paused", new() { Exact = true })).ToBeVisibleAsync();
        await bench.HealthSaysAsync("Olga Operator: a look around");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume consumption" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await ConsumerBench.UntilAsync(() => Task.FromResult(bench.Get<ConsumptionGate>().IsOpen), "consumption to go on");
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_key()
    {
        await using var browser = await Browser.StartAsync();
        await using var bench = await ConsumerBench.StartAsync(servers);
        var page = await browser.OpenAsync();
        await page.GotoAsync($"{bench.OperatorsUrl}/console/dead-letters");

        await FillInAsync(page, "a wrong key that is long enough");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("not the key");
        await page.GotoAsync($"{bench.OperatorsUrl}/console");
        await Expect(page).ToHaveTitleAsync("Sign in – Coupon operations");
    }

    private static async Task<long> SellTooManyAsync(ConsumerBench bench)
    {
        var coupon = await bench.AddCouponAsync(100, "One coffee <free>");
        // Redis believes in 200: the guard of the database is what holds.
        await bench.Get<StockTerms>().LoadAsync(new CouponTerms(coupon, 200, 0, null, null, Closed: false));
        var state = new CouponKeys(coupon).State;
        var redis = bench.Get<IConnectionMultiplexer>().GetDatabase();
        await redis.HashIncrementAsync(state, StateFields.Issued, 103);
        await redis.HashDecrementAsync(state, StateFields.Remaining, 103);
        await bench.SendAsync(coupon, 103);
        await bench.SendAsync(["no message"u8.ToArray(), "{\"couponId\":"u8.ToArray()]);
        await bench.DeadLettersAsync(5);
        return coupon;
    }

    private static async Task RestockAsync(ConsumerBench bench, long coupon)
    {
        await using var context = bench.Open();
        (await context.Coupons.FindAsync([coupon], ConsumerBench.Stop))!.TotalQuantity = 200;
        await context.SaveChangesAsync(ConsumerBench.Stop);
    }

    private static async Task<IPage> SignInAsync(Browser browser, ConsumerBench bench, int width = 1100)
    {
        var page = await browser.OpenAsync(width);
        await page.GotoAsync($"{bench.OperatorsUrl}/console");
        await FillInAsync(page, ConsumerBench.OperatorKey);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        return page;
    }

    private static async Task FillInAsync(IPage page, string key)
    {
        await page.GetByLabel("Your name, for the audit").FillAsync("Olga Operator");
        await page.GetByLabel("Operator key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private static async Task TabToAsync(IPage page, string name)
    {
        for (var presses = 0; presses < 40; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string?>("document.activeElement.getAttribute('name')") == name)
                return;
        }
        Assert.Fail($"The field {name} cannot be reached by keyboard.");
    }

    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("COUPON_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
