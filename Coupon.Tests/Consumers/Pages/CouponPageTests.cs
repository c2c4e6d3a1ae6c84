using System.Net;
using Coupon.Stock;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>The page of one coupon, and the way to it.</summary>
public sealed class CouponPageTests(TestServers servers)
{
    [Fact]
    public async Task It_shows_the_sale_as_a_curve_and_its_rows()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await SellAsync(fixture, 250);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var page = (await console.GetAsync($"/console/coupons/{coupon}?live=false")).Body;
        var rows = (await console.GetAsync($"/console/coupons/{coupon}/rows")).Body;

        foreach (var curve in (string[])["accepted", "written", "remaining"])
            Assert.Contains($"class=\"{curve}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.Equal(200, rows.Split("<th scope=\"row\"").Length - 1);
        Assert.Contains($"/console/coupons/{coupon}/rows?after=200", rows, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_term_of_the_books_leads_to_what_it_counts()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await SellAsync(fixture, 50, total: 40);
        await fixture.DeadLettersAsync(10);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var page = "";

        // A busy machine may take longer than the page waits; it says so then.
        await Eventually.IsTrueAsync(
            async () =>
                !(page = WebUtility.HtmlDecode((await console.GetAsync($"/console/coupons/{coupon}")).Body)).Contains(
                    "Not known",
                    StringComparison.Ordinal
                ),
            "the balance to be read"
        );

        Assert.Contains($"<a href=\"/console/coupons/{coupon}/rows\">40</a>", page, StringComparison.Ordinal);
        var letters = $"/console/dead-letters?coupon={coupon}&state=Open&state=Replayed";
        Assert.Contains($"<a href=\"{letters}\">10</a>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>10</strong> dead letters match", (await console.GetAsync(letters)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_coupon_is_found_by_a_word_of_its_title_or_by_its_id_also_when_it_is_over()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coffee = await fixture.AddCouponAsync(10, "One coffee");
        var tea = await fixture.AddCouponAsync(10, "One tea");
        await using (var context = fixture.Open())
        {
            (await context.Coupons.FindAsync([tea], ConsumerFixture.Stop))!.ClosedAt = new DateTime(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc);
            await context.SaveChangesAsync(ConsumerFixture.Stop);
        }
        using var console = await ConsoleClient.SignInAsync(fixture);

        Assert.Equal([coffee], await FoundAsync(console, "q=ONE"));
        Assert.Equal([tea, coffee], await FoundAsync(console, "q=one&coupons=all"));
        Assert.Equal([tea], await FoundAsync(console, $"q={tea}&coupons=all"));
        Assert.Equal([coffee], await FoundAsync(console, $"coupons=all&before={tea}"));
        Assert.Empty(await FoundAsync(console, "q=cocoa&coupons=all"));
        Assert.Equal(HttpStatusCode.NotFound, (await console.GetAsync("/console/coupons/4711")).Status);
    }

    private static async Task<long> SellAsync(ConsumerFixture fixture, int count, long total = 1000)
    {
        var coupon = await fixture.AddCouponAsync(total);
        await fixture.Get<StockTerms>().LoadAsync(new CouponTerms(coupon, 1000, 0, null, null, Closed: false));
        var keys = new CouponKeys(coupon);
        var redis = fixture.Get<IConnectionMultiplexer>().GetDatabase();
        await redis.HashIncrementAsync(keys.State, StateFields.Issued, count);
        await redis.HashDecrementAsync(keys.State, StateFields.Remaining, count);
        await redis.HashSetAsync(
            keys.Users,
            [.. Enumerable.Range(1, count).Select(ordinal => new HashEntry(ordinal + 1000, $"{ordinal}:1800000000000"))]
        );
        await fixture.SendAsync(coupon, count);
        await fixture.RowsAsync(coupon, (int)Math.Min(count, total));
        return coupon;
    }

    private static async Task<long[]> FoundAsync(ConsoleClient console, string query) =>
        [
            .. (await console.GetAsync($"/console?{query}"))
                .Body.Split("<a href=\"/console/coupons/")
                .Skip(1)
                .Select(part => long.Parse(part[..part.IndexOf('"')], System.Globalization.CultureInfo.InvariantCulture)),
        ];
}
