using System.Text.RegularExpressions;
using Coupon.LocalServers;
using Coupon.Sale.Demo;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coupon.Tests.Sale;

/// <summary>The page of <c>infra/run --stay</c> in a real browser: somebody presses, and sees the stock fall and the own number.</summary>
public sealed class DemoPageTests(TestServers servers)
{
    [Fact]
    public async Task Who_presses_sees_the_own_number_and_everybody_sees_what_is_left()
    {
        await using var browser = await Browser.StartAsync();
        var port = FreePort.Next();
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await service.StartApiAsync(("Cors__Origins", $"http://127.0.0.1:{port}"));
        await using var consumer = await service.StartConsumerAsync();
        await using var demo = DemoPage.Start(port, api.Url, await CouponClient.CreateAsync(api.Url, 2));
        var (page, onlooker) = (await browser.OpenAsync(), await browser.OpenAsync());
        List<string> faults = [];
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add(message.Text);
        };
        foreach (var opened in (IPage[])[page, onlooker])
        {
            await opened.GotoAsync(demo.Address.ToString());
            await Expect(opened.Locator("#left")).ToHaveTextAsync("2");
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Get one" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("You have number 1. It is in the database.");
        await Browser.ShootAsync(page, "demo");
        foreach (var opened in (IPage[])[page, onlooker])
            await Expect(opened.Locator("#left")).ToHaveTextAsync("1");
        await Expect(onlooker.GetByRole(AriaRole.Status)).ToHaveTextAsync("");
        Assert.Empty(faults);

        await page.GetByRole(AriaRole.Button, new() { Name = "Get one" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("You have number 1 already.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Be somebody else" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Get one" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(new Regex("You have number 2."));
        await onlooker.GetByRole(AriaRole.Button, new() { Name = "Get one" }).ClickAsync();
        await Expect(onlooker.GetByRole(AriaRole.Status)).ToHaveTextAsync("Sold out");
        await Expect(onlooker.Locator("#left")).ToHaveTextAsync("0");
    }
}
