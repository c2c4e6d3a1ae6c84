using System.Net;
using Coupon.Consumers.DeadLetters;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>The console's page of what operators did.</summary>
public sealed class ActionListPageTests(TestServers servers)
{
    [Fact]
    public async Task It_shows_the_newest_first_page_by_page_and_what_changed_a_dead_letter()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        var letter = Assert.Single(await fixture.DeadLettersAsync(1));
        using var console = await ConsoleClient.SignInAsync(fixture);
        var token = await console.TokenAsync("/console");
        await console.PostAsync("/console/pause", token, ("reason", "a look around"));
        await console.PostAsync($"/console/dead-letters/discard?id={letter.Id}", token, ("reason", "not ours"));

        var first = (await console.GetAsync("/console/actions?limit=2")).Body;
        var second = (await console.GetAsync(NextOf(first))).Body;

        Assert.Equal(["discard", "pause"], ActionsOf(first));
        Assert.Equal(["sign-in"], ActionsOf(second));
        Assert.DoesNotContain("rel=\"next\"", second, StringComparison.Ordinal);
        var operation = (await fixture.Get<DeadLetterQueries>().FindAsync(letter.Id, ConsumerFixture.Stop))!.Audit[^1].Operation;
        Assert.Equal(["discard"], ActionsOf((await console.GetAsync($"/console/actions?operation={operation}")).Body));
    }

    [Theory]
    [InlineData("coupon=x")]
    [InlineData("operation=x")]
    [InlineData("limit=0")]
    public async Task A_filter_that_makes_no_sense_is_a_page_that_says_so(string query)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var answer = await console.GetAsync("/console/actions?" + query);

        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (answer.Status, answer.ContentType));
        Assert.Contains(query.Split('=')[0], answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_is_called_is_text_and_no_markup()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = ConsoleClient.Open(fixture);
        var token = await console.TokenAsync("/console/sign-in");
        await console.PostAsync("/console/sign-in", token, ("name", "<b>Olga</b>"), ("key", ConsumerFixture.OperatorKey));

        var page = (await console.GetAsync("/console/actions")).Body;

        Assert.Contains("&lt;b&gt;Olga&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Olga", page, StringComparison.Ordinal);
    }

    private static string[] ActionsOf(string page) =>
        [.. page.Split("<tr>").Skip(2).Select(row => WebUtility.HtmlDecode(row.Split("<td>")[1].Split("</td>")[0]))];

    private static string NextOf(string page)
    {
        var before = page[..page.IndexOf("\" rel=\"next\"", StringComparison.Ordinal)];
        return WebUtility.HtmlDecode(before[(before.LastIndexOf('"') + 1)..]);
    }
}
