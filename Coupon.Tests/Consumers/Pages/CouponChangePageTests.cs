using System.Net;
using Coupon.Stock;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>Restock, close and rebuild at the console: each asks first, and is in the audit.</summary>
public sealed class CouponChangePageTests(TestServers servers)
{
    [Fact]
    public async Task A_restock_adds_once_also_where_its_form_is_sent_twice()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await OnSaleAsync(fixture, 10);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var (path, fields) = ($"/console/coupons/{coupon}/restock", await console.FieldsAsync($"/console/coupons/{coupon}/restock"));

        var first = await console.PostAsync(path, token: null, [.. fields, ("quantity", "5")]);
        var second = await console.PostAsync(path, token: null, [.. fields, ("quantity", "5")]);

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Conflict), (first.Status, second.Status));
        Assert.Contains("The total is 15 now.", (await console.GetAsync(first.Location!)).Body, StringComparison.Ordinal);
        Assert.Contains("The total is 15 by now: nothing was added.", second.Body, StringComparison.Ordinal);
        Assert.Equal(15, (long)await StateAsync(fixture, coupon, StateFields.Remaining));
        Assert.Equal(
            [("Olga Operator", "restock", coupon, "302"), ("Olga Operator", "restock", coupon, "409")],
            (await AuditedActions.InShortAsync(fixture.Settings.MySql)).Skip(1)
        );
    }

    [Fact]
    public async Task A_coupon_is_closed_after_a_question_and_then_neither_closed_nor_restocked()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await OnSaleAsync(fixture, 10);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var page = $"/console/coupons/{coupon}";
        Assert.Contains("Nobody gets one from now on.", (await console.GetAsync($"{page}/close")).Body, StringComparison.Ordinal);
        Assert.Equal(0, (long)await StateAsync(fixture, coupon, StateFields.Closed));

        var closed = await console.PostAsync($"{page}/close", await console.TokenAsync($"{page}/close"));
        var restocked = await console.PostAsync($"{page}/restock", await console.TokenAsync("/console"), ("quantity", "5"), ("expectedTotal", "10"));

        Assert.Contains("It is closed for good.", (await console.GetAsync(closed.Location!)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain($"{page}/close\"", (await console.GetAsync(page)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, restocked.Status);
        Assert.Contains("It was closed by hand", restocked.Body, StringComparison.Ordinal);
        Assert.Equal(1, (long)await StateAsync(fixture, coupon, StateFields.Closed));
    }

    [Fact]
    public async Task A_rebuild_brings_back_what_Redis_has_forgotten_and_says_what_it_found()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await OnSaleAsync(fixture, 10);
        await fixture.SendAsync(coupon, 3);
        await fixture.RowsAsync(coupon, 3);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var path = $"/console/coupons/{coupon}/rebuild";

        var rebuilt = await console.PostAsync(path, await console.TokenAsync(path));

        Assert.Equal(HttpStatusCode.Redirect, rebuilt.Status);
        Assert.Contains("Holders that Redis had forgotten: 3.", (await console.GetAsync(rebuilt.Location!)).Body, StringComparison.Ordinal);
        Assert.Equal(7, (long)await StateAsync(fixture, coupon, StateFields.Remaining));
        Assert.Equal(
            ("rebuild", coupon, "302"),
            (await AuditedActions.InShortAsync(fixture.Settings.MySql)).Select(row => (row.Action, row.Coupon, row.Result)).Last()
        );
    }

    [Theory]
    [InlineData("restock")]
    [InlineData("close")]
    [InlineData("rebuild")]
    public async Task Nothing_is_changed_without_the_form_or_of_a_coupon_that_does_not_exist(string change)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await OnSaleAsync(fixture, 10);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var forged = await console.PostAsync($"/console/coupons/{coupon}/{change}", token: null, ("quantity", "5"), ("expectedTotal", "10"));
        var unknown = await console.PostAsync(
            $"/console/coupons/4711/{change}",
            await console.TokenAsync("/console"),
            ("quantity", "5"),
            ("expectedTotal", "10")
        );

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.Equal((HttpStatusCode.NotFound, true), (unknown.Status, unknown.Body.Contains("No coupon has the id 4711", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.NotFound, (await console.GetAsync($"/console/coupons/4711/{change}")).Status);
        await using var context = fixture.Open();
        var row = (await context.Coupons.FindAsync([coupon], ConsumerFixture.Stop))!;
        Assert.Equal((10, null), (row.TotalQuantity, row.ClosedAt));
    }

    [Fact]
    public async Task A_number_that_makes_no_sense_is_said_in_words()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await OnSaleAsync(fixture, 10);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var path = $"/console/coupons/{coupon}/restock";

        var answer = await console.PostAsync(path, token: null, [.. await console.FieldsAsync(path), ("quantity", "many")]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("quantity must be a number above 0.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_cannot_make_a_page_of_a_coupon_say_a_text_of_its_own()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await OnSaleAsync(fixture, 10);
        using var console = await ConsoleClient.SignInAsync(fixture);

        foreach (var notice in (string[])["restocked-1-x", "closed", "rebuilt-1-2-3", "send money-1-2"])
            Assert.DoesNotContain(
                "role=\"status\"",
                (await console.GetAsync($"/console/coupons/{coupon}?notice={Uri.EscapeDataString(notice)}")).Body,
                StringComparison.Ordinal
            );
    }

    private static async Task<long> OnSaleAsync(ConsumerFixture fixture, long total)
    {
        var coupon = await fixture.AddCouponAsync(total);
        await using var context = fixture.Open();
        await fixture.Get<StockTerms>().LoadAsync(CouponTerms.Of((await context.Coupons.FindAsync([coupon], ConsumerFixture.Stop))!));
        return coupon;
    }

    private static Task<RedisValue> StateAsync(ConsumerFixture fixture, long coupon, string field) =>
        fixture.Get<IConnectionMultiplexer>().GetDatabase().HashGetAsync(new CouponKeys(coupon).State, field);
}
