using System.Net;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>What must not be possible, however somebody got hold of an operator's browser.</summary>
public sealed class ConsoleProtectionTests(TestServers servers)
{
    private static readonly string[] _actions =
    [
        "/console/pause",
        "/console/resume",
        "/console/dead-letters/replay",
        "/console/dead-letters/discard",
        "/console/sign-out",
    ];

    [Fact]
    public async Task Nothing_is_done_by_GET()
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        await bench.SendAsync(["no message"u8.ToArray()]);
        await bench.DeadLettersAsync(1);
        using var console = await ConsoleClient.SignInAsync(bench);

        foreach (var action in _actions)
            await console.GetAsync(action + "?reason=x&state=Open");

        await AssertNothingHappenedAsync(bench);
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console")).Status);
    }

    [Fact]
    public async Task A_form_without_the_pages_token_does_nothing_though_the_operator_is_signed_in()
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        await bench.SendAsync(["no message"u8.ToArray()]);
        await bench.DeadLettersAsync(1);
        using var console = await ConsoleClient.SignInAsync(bench);

        foreach (var action in _actions)
            Assert.Equal(HttpStatusCode.BadRequest, (await console.PostAsync(action, token: null, ("reason", "x"))).Status);

        await AssertNothingHappenedAsync(bench);
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console")).Status);
        await console.PostAsync("/console/pause", await console.TokenAsync("/console"), ("reason", "with the token"));
        Assert.True((await bench.Get<ConsumptionSwitch>().ReadAsync(ConsumerBench.Stop))!.Paused);
    }

    [Theory]
    [InlineData("discard", DeadLetterState.Discarded)]
    [InlineData("replay", DeadLetterState.Replayed)]
    public async Task What_arrives_after_an_operator_was_asked_is_not_done(string action, DeadLetterState done)
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        await bench.SendAsync(["no message"u8.ToArray(), "none either"u8.ToArray()]);
        await bench.DeadLettersAsync(2);
        using var console = await ConsoleClient.SignInAsync(bench);
        var path = $"/console/dead-letters/{action}?state=Open&cause=undecodable";
        var fields = await console.FieldsAsync(path);
        bench.Get<ConsumptionGate>().Pause("so that what is replayed stays so");

        // Straight into the ledger, as if the consumer had found it between the page and the button.
        var late = DeadLetterHeadersCodec.Read(new ConsumedRecord("elsewhere", 0, 1, null, null, "late"u8.ToArray(), []));
        await bench.Get<DeadLetterLedger>().RecordAsync([late with { Cause = "undecodable" }], ConsumerBench.Stop);
        await console.PostAsync(path, token: null, [.. fields, ("reason", "not ours")]);

        var letters = await bench.LedgerAsync();
        Assert.Equal([done, done, DeadLetterState.Open], letters.Select(letter => letter.State));
    }

    [Theory]
    [InlineData("discard", DeadLetterState.Discarded)]
    [InlineData("replay", DeadLetterState.Replayed)]
    public async Task What_is_put_back_to_open_after_an_operator_was_asked_is_not_done_in_place_of_what_was_shown(string action, DeadLetterState done)
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        await bench.SendAsync(["no message"u8.ToArray(), "none either"u8.ToArray()]);
        var older = (await bench.DeadLettersAsync(2))[0].Id;
        await SetStateAsync(bench, older, DeadLetterState.Replayed);
        using var console = await ConsoleClient.SignInAsync(bench);
        var path = $"/console/dead-letters/{action}?state=Open&cause=undecodable";
        var fields = await console.FieldsAsync(path);
        bench.Get<ConsumptionGate>().Pause("so that what is replayed stays so");

        await SetStateAsync(bench, older, DeadLetterState.Open);
        await console.PostAsync(path, token: null, [.. fields, ("reason", "not ours")]);

        Assert.Equal([DeadLetterState.Open, done], (await bench.LedgerAsync()).OrderBy(letter => letter.Id).Select(letter => letter.State));
    }

    [Fact]
    public async Task Without_the_page_that_asks_only_what_is_named_one_by_one_is_done()
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        await bench.SendAsync(["no message"u8.ToArray()]);
        var letter = Assert.Single(await bench.DeadLettersAsync(1));
        using var console = await ConsoleClient.SignInAsync(bench);
        var token = await console.TokenAsync("/console");

        Assert.Equal(HttpStatusCode.BadRequest, (await console.PostAsync("/console/dead-letters/discard?state=Open", token, ("reason", "x"))).Status);
        Assert.Equal(DeadLetterState.Open, Assert.Single(await bench.LedgerAsync()).State);

        await console.PostAsync($"/console/dead-letters/discard?id={letter.Id}", token, ("reason", "x"));
        Assert.Equal(DeadLetterState.Discarded, Assert.Single(await bench.LedgerAsync()).State);
    }

    [Fact]
    public async Task A_session_ends_when_the_key_it_began_with_is_changed()
    {
        await using var before = await ConsumerBench.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(before);
        await using var same = await ConsumerBench.StartAsync(servers);
        await using var changed = await ConsumerBench.StartAsync(servers, ("Operators:Key", "another key that replaces it"));

        // The first shows that a session outlives the process, and that it is the key that ends it.
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console", same.OperatorsUrl)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await console.GetAsync("/console", changed.OperatorsUrl)).Status);
    }

    [Fact]
    public async Task Without_an_address_there_is_no_console()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Operators:Url", ""));
        using var http = new HttpClient();

        foreach (var path in (string[])["/console", "/console/sign-in", "/ops/overview", "/openapi/v1.json"])
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(bench.Url + path), ConsumerBench.Stop)).StatusCode);
    }

    [Fact]
    public async Task What_makes_no_sense_or_does_not_exist_is_a_page_that_says_so()
    {
        await using var bench = await ConsumerBench.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(bench);

        var nonsense = await console.GetAsync("/console/dead-letters?since=yesterday");
        var missing = await console.GetAsync("/console/dead-letters/4711");

        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (nonsense.Status, nonsense.ContentType));
        Assert.Contains("since must be a time", nonsense.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (missing.Status, missing.ContentType));
        Assert.Contains("No dead letter has the id 4711", missing.Body, StringComparison.Ordinal);
    }

    // As a replay that was sent, and one that failed again.
    private static async Task SetStateAsync(ConsumerBench bench, long id, DeadLetterState state)
    {
        await using var context = bench.Open();
        (await context.DeadLetters.FindAsync([id], ConsumerBench.Stop))!.State = state;
        await context.SaveChangesAsync(ConsumerBench.Stop);
    }

    private static async Task AssertNothingHappenedAsync(ConsumerBench bench)
    {
        Assert.Null(await bench.Get<ConsumptionSwitch>().ReadAsync(ConsumerBench.Stop));
        var letter = Assert.Single(await bench.LedgerAsync());
        Assert.Equal(DeadLetterState.Open, letter.State);
        Assert.Single((await bench.Get<DeadLetterQueries>().FindAsync(letter.Id, ConsumerBench.Stop))!.Audit);
    }
}
