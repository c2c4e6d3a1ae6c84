using Coupon.Consumers.Consumption;
using Coupon.Stock;
using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using StackExchange.Redis;
using static Microsoft.Playwright.Assertions;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>
/// The console in a real browser, of which <see cref="Browser.ShootAsync"/> makes the pictures of the documentation.
/// </summary>
public sealed class ConsoleTests(TestServers servers)
{
    [Fact]
    public async Task An_operator_finds_a_group_opens_a_message_replays_it_and_sees_it_resolved()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await SellTooManyAsync(fixture);
        await SpreadSaleAsync(fixture, coupon);
        var page = await SignInAsync(browser, fixture);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Coupons" }).First).ToContainTextAsync("97 / 100");
        await Browser.ShootAsync(page, "console-overview");
        await page.GetByRole(AriaRole.Link, new() { Name = $"{coupon}", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The books" })).ToBeVisibleAsync();
        await Browser.ShootAsync(page, "console-coupon");
        await page.GoBackAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "over-issued" }).ClickAsync();
        await Browser.ShootAsync(page, "console-dead-letters");
        await page.GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator("dl").First).ToContainTextAsync("has no seat left in the database");
        await Expect(page.GetByLabel("Value")).ToContainTextAsync($"\"couponId\":{coupon}");
        await Browser.ShootAsync(page, "console-dead-letter");
        await RestockAsync(fixture, coupon);

        await page.GetByRole(AriaRole.Link, new() { Name = "Replay…" }).ClickAsync();
        await Browser.ShootAsync(page, "console-replay");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay 1" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 replayed, 0 skipped");
        await Eventually.IsTrueAsync(
            async () =>
            {
                await page.ReloadAsync();
                return await page.Locator(".state.resolved").CountAsync() == 1;
            },
            "the message to be resolved"
        );
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Audit" })).ToContainTextAsync("Olga Operator");
        await Browser.ShootAsync(page, "console-resolved");
    }

    [Fact]
    public async Task A_whole_group_is_replayed_and_another_discarded_with_a_reason()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await SellTooManyAsync(fixture);
        var page = await SignInAsync(browser, fixture);

        await page.GotoAsync($"{fixture.OperatorsUrl}/console/dead-letters");
        await page.GetByLabel("Cause").SelectOptionAsync("undecodable");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Discard all that match…" }).ClickAsync();
        await page.GetByLabel("Reason, for the audit").FillAsync("<b>not ours</b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard 2" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("2 discarded");

        await page.GotoAsync($"{fixture.OperatorsUrl}/console/dead-letters?state=Discarded");
        await page.GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Audit" })).ToContainTextAsync("<b>not ours</b>");
        await page.GetByRole(AriaRole.Link, new() { Name = "Discarded" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Actions" })).ToContainTextAsync("done 2, skipped 0, failed 0");

        await page.GotoAsync($"{fixture.OperatorsUrl}/console/dead-letters?state=Open");
        await page.GetByRole(AriaRole.Link, new() { Name = "Replay all that match…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay 3" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("3 replayed");
    }

    [Fact]
    public async Task Who_is_refused_something_reads_why()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await SellTooManyAsync(fixture);
        var page = await SignInAsync(browser, fixture);

        await page.GotoAsync($"{fixture.OperatorsUrl}/console/dead-letters?cause=undecodable");
        await page.GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Replay…" }).ClickAsync();
        await page.GetByText("Change the message first").ClickAsync();
        await page.GetByLabel("Coupon").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay 1" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status))
            .ToContainTextAsync("0 replayed, 0 skipped because someone else was changing them, 1 refused or failed");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Refused or failed" })).ToContainTextAsync("an ordinal");
    }

    [Fact]
    public async Task It_is_paused_and_resumed_by_keyboard_alone_at_the_width_of_a_phone()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await SellTooManyAsync(fixture);
        var page = await SignInAsync(browser, fixture, width: 380);
        await AssertFitsAsync(page);
        await Browser.ShootAsync(page, "console-phone");

        await TabToAsync(page, "reason");
        await page.Keyboard.TypeAsync($"a look around {new string('x', 60)}");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("Paused", new() { Exact = true })).ToBeVisibleAsync();
        await AssertFitsAsync(page);
        await fixture.HealthSaysAsync("Olga Operator: a look around");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume consumption" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Eventually.IsTrueAsync(() => Task.FromResult(!fixture.Get<ConsumptionGate>().IsPaused), "consumption to go on");
    }

    [Fact]
    public async Task The_overview_stays_up_to_date_without_being_loaded_again()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var page = await SignInAsync(browser, fixture);
        using var watch = new PageWatch(page);
        await page.EvaluateAsync("window.before = true");
        await page.GetByLabel("Reason").FillAsync("half a sen");

        await fixture.SendAsync(["no message"u8.ToArray()]);

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "undecodable" })).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.before === true"), "The page was loaded again.");
        await Expect(page.GetByLabel("Reason")).ToHaveValueAsync("half a sen");
        Assert.Empty(watch.Faults);
    }

    [Fact]
    public async Task Several_are_selected_and_discarded_by_keyboard_alone()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await SellTooManyAsync(fixture);
        var page = await SignInAsync(browser, fixture, width: 380);
        await page.GotoAsync($"{fixture.OperatorsUrl}/console/dead-letters?state=Open&cause=over-issued");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than the phone.");

        await TabToAsync(page, "id");
        await page.Keyboard.PressAsync("Space");
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard the selected…" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Reason, for the audit")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("test data");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 discarded");
    }

    [Fact]
    public async Task The_interface_is_read_and_tried_in_the_browser()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var page = await SignInAsync(browser, fixture);
        using var watch = new PageWatch(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "API" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Lists dead letters, oldest first." })).ToBeVisibleAsync();
        Assert.Empty(watch.Faults);

        // It asks for the key: the session of the console is good for pages only.
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request (get /ops/overview)" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync();
        await Expect(page.GetByText("401").First).ToBeVisibleAsync();

        // The page names 401 among the answers too, so the browser's own word is waited for.
        await Eventually.IsTrueAsync(() => watch.Faults.Count > 0);
        Assert.Contains("401", Assert.Single(watch.Faults), StringComparison.Ordinal);
        Assert.All(watch.Requests, url => Assert.StartsWith(fixture.OperatorsUrl, url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_key()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var page = await browser.OpenAsync();
        await page.GotoAsync($"{fixture.OperatorsUrl}/console/dead-letters");

        await FillInAsync(page, "a wrong key that is long enough");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("not the key");
        await page.GotoAsync($"{fixture.OperatorsUrl}/console");
        await Expect(page).ToHaveTitleAsync("Sign in – Coupon operations");
    }

    private static async Task<long> SellTooManyAsync(ConsumerFixture fixture)
    {
        var coupon = await fixture.AddCouponAsync(100, "One coffee <free>");
        // Redis has 200 seats, MySQL fewer: the database's guard refuses the rest.
        await fixture.Get<StockTerms>().LoadAsync(new CouponTerms(coupon, 200, 0, null, null, Closed: false));
        var state = new CouponKeys(coupon).State;
        var redis = fixture.Get<IConnectionMultiplexer>().GetDatabase();
        await redis.HashIncrementAsync(state, StateFields.Issued, 103);
        await redis.HashDecrementAsync(state, StateFields.Remaining, 103);
        await fixture.SendAsync(coupon, 103);
        await fixture.SendAsync(["no message"u8.ToArray(), "{\"couponId\":"u8.ToArray()]);
        await fixture.DeadLettersAsync(5);
        return coupon;
    }

    // A curve that looks like one: seats go quickly at first, and rows follow. Redis counts as verified from the next reading of the books on.
    private static async Task SpreadSaleAsync(ConsumerFixture fixture, long coupon)
    {
        await using var context = fixture.Open();
        await context.Database.ExecuteSqlAsync(
            $"""
            UPDATE issued_coupons
            SET issued_at = TIMESTAMP('2026-05-01 12:00:00') + INTERVAL ordinal * ordinal * 1000 MICROSECOND,
              persisted_at = TIMESTAMP('2026-05-01 12:00:00') + INTERVAL 400000 + ordinal * (ordinal + 30) * 1000 MICROSECOND
            WHERE coupon_id = {coupon}
            """,
            ConsumerFixture.Stop
        );
        var redis = fixture.Get<IConnectionMultiplexer>();
        var history = (await RedisIdentity.ReadAsync(redis, Shard.Whole)).History;
        await redis.GetDatabase().StringSetAsync(ShardKeys.Whole.Verified, new VerifiedMarker(0, history).ToValue());
    }

    private static async Task RestockAsync(ConsumerFixture fixture, long coupon)
    {
        await using var context = fixture.Open();
        (await context.Coupons.FindAsync([coupon], ConsumerFixture.Stop))!.TotalQuantity = 200;
        await context.SaveChangesAsync(ConsumerFixture.Stop);
    }

    private static async Task<IPage> SignInAsync(Browser browser, ConsumerFixture fixture, int width = 1100)
    {
        var page = await browser.OpenAsync(width);
        await page.GotoAsync($"{fixture.OperatorsUrl}/console");
        await FillInAsync(page, ConsumerFixture.OperatorKey);
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

    private static async Task AssertFitsAsync(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than the phone.");
}
