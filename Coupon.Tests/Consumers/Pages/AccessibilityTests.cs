using System.Globalization;
using Coupon.Consumers.DeadLetters;
using Coupon.Tests.Servers;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Routing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>
/// Every page of the console against the rules of WCAG 2.2, levels A and AA, that axe can check (https://github.com/dequelabs/axe-core): in the light
/// scheme at the width of a desk, in the dark one at that of a phone.
/// </summary>
public sealed class AccessibilityTests(TestServers servers)
{
    private static readonly AxeRunOptions _rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    };

    // No pages. That of the interface is Scalar's, and not ours.
    private static readonly string[] _others =
    [
        "/console/style.css",
        "/console/live.js",
        "/console/dead-letters/export.jsonl",
        "/console/dead-letters/export.csv",
        "/console/openapi.json",
        "/console/reference",
    ];

    [Fact]
    public async Task Every_page_keeps_the_rules_in_both_schemes()
    {
        await using var browser = await Browser.StartAsync();
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var (coupon, letter, operation) = await FillAsync(fixture);
        var pages = new Dictionary<string, string[]>
        {
            ["/console"] = ["/console", "/console?q=nothing&coupons=all"],
            ["/console/coupons/{couponId:long}"] = [$"/console/coupons/{coupon}?notice=restocked-15-1", "/console/coupons/4711"],
            ["/console/coupons/{couponId:long}/rows"] = [$"/console/coupons/{coupon}/rows"],
            ["/console/coupons/{couponId:long}/restock"] = [$"/console/coupons/{coupon}/restock"],
            ["/console/coupons/{couponId:long}/close"] = [$"/console/coupons/{coupon}/close"],
            ["/console/coupons/{couponId:long}/rebuild"] = [$"/console/coupons/{coupon}/rebuild"],
            ["/console/dead-letters"] = ["/console/dead-letters", "/console/dead-letters?since=yesterday"],
            ["/console/dead-letters/groups"] = ["/console/dead-letters/groups"],
            ["/console/dead-letters/{id:long}"] = [$"/console/dead-letters/{letter}"],
            ["/console/dead-letters/replay"] = ["/console/dead-letters/replay?state=Open", $"/console/dead-letters/replay?id={letter}"],
            ["/console/dead-letters/discard"] = ["/console/dead-letters/discard?state=Open"],
            ["/console/operations"] = ["/console/operations"],
            ["/console/operations/{operation}"] = [$"/console/operations/{operation}"],
            ["/console/actions"] = ["/console/actions"],
            ["/console/sign-in"] = ["/console/sign-in"],
        };
        Assert.Equal(RoutesOf(fixture).Order(), pages.Keys.Order());

        var faults = new List<string>();
        foreach (var (scheme, width) in ((ColorScheme, int)[])[(ColorScheme.Light, 1100), (ColorScheme.Dark, 380)])
        {
            var page = await browser.OpenAsync(width);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.GotoAsync($"{fixture.OperatorsUrl}/console/sign-in");
            await page.GetByLabel("Your name, for the audit").FillAsync("Olga Operator");
            await page.GetByLabel("Operator key").FillAsync(ConsumerFixture.OperatorKey);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
            foreach (var path in pages.Values.SelectMany(paths => paths))
            {
                await page.GotoAsync(fixture.OperatorsUrl + path);
                foreach (var details in await page.Locator("details").AllAsync())
                    await details.EvaluateAsync("details => details.open = true");
                faults.AddRange((await FaultsAsync(page)).Select(fault => $"{path}, {scheme}: {fault}"));
            }
        }

        Assert.Empty(faults);
    }

    private static async Task<IEnumerable<string>> FaultsAsync(IPage page) =>
        (await page.RunAxe(_rules)).Violations.SelectMany(rule =>
            rule.Nodes.Select(node => string.Create(CultureInfo.InvariantCulture, $"{rule.Id} ({rule.Help}): {node.Html}"))
        );

    private static IEnumerable<string> RoutesOf(ConsumerFixture fixture) =>
        fixture
            .Get<IEnumerable<EndpointDataSource>>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") ?? true)
            .Select(route => $"/{route.RoutePattern.RawText?.Trim('/')}")
            .Where(pattern => pattern.StartsWith("/console", StringComparison.Ordinal))
            .Where(pattern => !_others.Any(other => pattern.StartsWith(other, StringComparison.Ordinal)))
            .Distinct();

    // Everything that a page may show: a sale with its curve, letters of two causes, an operation with refusals.
    private static async Task<(long Coupon, long Letter, string Operation)> FillAsync(ConsumerFixture fixture)
    {
        var coupon = await fixture.AddCouponAsync(10, "One coffee <free>");
        await fixture.SendAsync(coupon, 13);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        await fixture.RowsAsync(coupon, 10);
        var letter = (await fixture.DeadLettersAsync(4))[0].Id;
        using var console = await ConsoleClient.SignInAsync(fixture);
        const string undecodable = "/console/dead-letters/discard?cause=undecodable";
        var fields = await console.FieldsAsync(undecodable);
        var begun = await console.PostAsync(undecodable, token: null, [.. fields, ("reason", "test data"), ("returnSeat", "true")]);
        var operation = begun.Location!.Split('/')[^1];
        await Eventually.IsTrueAsync(
            async () => (await fixture.Get<DeadLetterOperations>().FindAsync(operation, ConsumerFixture.Stop)) is { EndedAt: not null },
            "the operation to end"
        );
        return (coupon, letter, operation);
    }
}
