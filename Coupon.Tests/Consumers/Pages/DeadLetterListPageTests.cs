using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Records;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>The lists of dead letters, and the files that are made of them.</summary>
public sealed partial class DeadLetterListPageTests(TestServers servers)
{
    [Fact]
    public async Task The_newest_are_first_unless_the_oldest_are_asked_for_page_by_page()
    {
        await using var fixture = await StartAsync(letters: 500);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var newest = (await console.GetAsync("/console/dead-letters?cause=over-issued&limit=2")).Body;
        var next = (await console.GetAsync(NextOf(newest))).Body;
        var oldest = (await console.GetAsync("/console/dead-letters?cause=over-issued&limit=2&order=oldest")).Body;
        var second = (await console.GetAsync(NextOf(oldest))).Body;

        Assert.Equal(
            [
                [500, 496],
                [492, 488],
                [4, 8],
                [12, 16],
            ],
            ((string[])[newest, next, oldest, second]).Select(IdsOf)
        );
        Assert.All((string[])[newest, next, oldest, second], page =>
            Assert.Contains("<strong>125</strong> dead letters match", page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_text_is_found_in_the_reason_and_in_the_payload_as_it_is_written()
    {
        await using var fixture = await StartAsync(letters: 500);
        using var console = await ConsoleClient.SignInAsync(fixture);

        Assert.Equal(321, Assert.Single(await IdsAsync(console, "ORDINAL+321+IS")));
        Assert.Equal(123, Assert.Single(await IdsAsync(console, "%22userId%22:1123,")));
        Assert.Empty(await IdsAsync(console, "%22USERID%22:1123,"));
        Assert.Empty(await IdsAsync(console, "refused%25reason"));
    }

    [Fact]
    public async Task The_overview_and_the_list_that_it_leads_to_have_the_same_count()
    {
        await using var fixture = await StartAsync(letters: 500);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var overview = (await console.GetAsync("/console")).Body;

        foreach (Match link in Counts().Matches(overview))
        {
            var list = (await console.GetAsync(WebUtility.HtmlDecode(link.Groups["list"].Value))).Body;
            var count = link.Groups["count"].Value;
            Assert.Contains(count == "0" ? "No dead letter matches" : $"<strong>{count}</strong> dead letters match", list, StringComparison.Ordinal);
        }
        Assert.Equal(5, Counts().Count(overview));
    }

    [Fact]
    public async Task Groups_are_by_cause_and_by_where_it_failed()
    {
        await using var fixture = await StartAsync(letters: 500);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var groups = (await console.GetAsync("/console/dead-letters/groups")).Body;
        Assert.Contains("Coupon.Consumers.Issuing.WriteTransaction.RunAsync", groups, StringComparison.Ordinal);
        var links = Groups().Matches(groups).Select(link => WebUtility.HtmlDecode(link.Groups["list"].Value)).ToList();
        Assert.Equal(8, links.Count);
        var counts = new List<string>();
        foreach (var link in links)
            counts.Add(Matching().Match((await console.GetAsync(link)).Body).Groups["count"].Value);
        Assert.Equal([.. Enumerable.Repeat("100", 4), .. Enumerable.Repeat("25", 4)], counts);
    }

    [Fact]
    public async Task A_file_of_lines_has_what_is_filtered()
    {
        await using var fixture = await StartAsync(letters: 2_500);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var file = await console.GetAsync("/console/dead-letters/export.jsonl?cause=over-issued");

        Assert.Equal("application/jsonl", file.ContentType);
        var letters = file.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            Enumerable.Range(1, 625).Select(number => number * 4L),
            letters.Select(letter => letter.GetProperty("letter").GetProperty("id").GetInt64())
        );
        Assert.Contains("\"couponId\":", letters[0].GetProperty("value").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spreadsheet_takes_no_cell_of_the_file_for_a_formula()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var letter = DeadLetterHeadersCodec.Read(new ConsumedRecord("elsewhere", 0, 1, null, null, "=cmd|' /C calc'!A0"u8.ToArray(), []));
        await fixture
            .Get<DeadLetterLedger>()
            .RecordAsync(
                [letter with { Cause = "@SUM(1)", ExceptionMessage = "+1, \"quoted\"\nand more", ExceptionType = "-2" }],
                ConsumerFixture.Stop
            );
        using var console = await ConsoleClient.SignInAsync(fixture);

        var file = await console.GetAsync("/console/dead-letters/export.csv");

        Assert.Equal("text/csv", file.ContentType);
        Assert.StartsWith("id,state,cause,coupon,", file.Body, StringComparison.Ordinal);
        Assert.Contains(",'@SUM(1),", file.Body, StringComparison.Ordinal);
        Assert.Contains(",'-2,\"'+1, \"\"quoted\"\"\nand more\",'=cmd|' /C calc'!A0,\r\n", file.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_of_a_filter_that_makes_no_sense_is_a_page_that_says_so()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var answer = await console.GetAsync("/console/dead-letters/export.csv?since=yesterday");

        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (answer.Status, answer.ContentType));
    }

    private async Task<ConsumerFixture> StartAsync(int letters)
    {
        var fixture = await ConsumerFixture.StartAsync(servers);
        await FullLedger.FillAsync(fixture.Settings.MySql, letters, coupons: 5);
        return fixture;
    }

    private static async Task<long[]> IdsAsync(ConsoleClient console, string text) =>
        IdsOf((await console.GetAsync("/console/dead-letters?text=" + text)).Body);

    private static long[] IdsOf(string page) =>
        [.. Ids().Matches(page).Select(link => long.Parse(link.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture))];

    private static string NextOf(string page)
    {
        var before = page[..page.IndexOf("\" rel=\"next\"", StringComparison.Ordinal)];
        return WebUtility.HtmlDecode(before[(before.LastIndexOf('"') + 1)..]);
    }

    [GeneratedRegex("<th scope=\"row\"><a href=\"/console/dead-letters/(?<id>[0-9]+)\">")]
    private static partial Regex Ids();

    [GeneratedRegex("<a href=\"(?<list>/console/dead-letters[?][^\"]*coupon=[0-9]+)\">(?<count>[0-9,]+)</a>")]
    private static partial Regex Counts();

    [GeneratedRegex("<th scope=\"row\"><a href=\"(?<list>/console/dead-letters[?][^\"]+)\">")]
    private static partial Regex Groups();

    [GeneratedRegex("<strong>(?<count>[0-9,]+)</strong> dead letters match")]
    private static partial Regex Matching();
}
