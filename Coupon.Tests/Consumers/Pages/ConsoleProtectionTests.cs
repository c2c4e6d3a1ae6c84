using System.Net;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Records;
using Coupon.Database;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>Attacks through an operator's browser fail.</summary>
public sealed class ConsoleProtectionTests(TestServers servers)
{
    private static readonly string[] _actions =
    [
        "/console/pause",
        "/console/resume",
        "/console/dead-letters/replay",
        "/console/dead-letters/discard",
        "/console/operations/none/stop",
        "/console/sign-out",
    ];

    [Fact]
    public async Task Nothing_is_done_by_GET()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        await fixture.DeadLettersAsync(1);
        using var console = await ConsoleClient.SignInAsync(fixture);

        foreach (var action in _actions)
            await console.GetAsync(action + "?reason=x&state=Open");

        await AssertNothingHappenedAsync(fixture);
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console")).Status);
    }

    [Fact]
    public async Task A_form_without_the_pages_token_does_nothing_though_the_operator_is_signed_in()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        await fixture.DeadLettersAsync(1);
        using var console = await ConsoleClient.SignInAsync(fixture);

        foreach (var action in _actions)
            Assert.Equal(HttpStatusCode.BadRequest, (await console.PostAsync(action, token: null, ("reason", "x"))).Status);

        await AssertNothingHappenedAsync(fixture);
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console")).Status);
        await console.PostAsync("/console/pause", await console.TokenAsync("/console"), ("reason", "with the token"));
        Assert.True((await fixture.Get<ConsumptionSwitch>().ReadAsync(ConsumerFixture.Stop))!.Paused);
    }

    [Theory]
    [InlineData("discard", DeadLetterState.Discarded)]
    [InlineData("replay", DeadLetterState.Replayed)]
    public async Task What_arrives_after_an_operator_was_asked_is_not_done(string action, DeadLetterState done)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray(), "none either"u8.ToArray()]);
        await fixture.DeadLettersAsync(2);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var path = $"/console/dead-letters/{action}?state=Open&cause=undecodable";
        var fields = await console.FieldsAsync(path);
        fixture.Get<ConsumptionGate>().Pause("so that what is replayed stays so");

        // Straight into the ledger, as if the consumer had recorded it between the page and the button.
        var late = DeadLetterHeadersCodec.Read(new ConsumedRecord("elsewhere", 0, 1, null, null, "late"u8.ToArray(), []));
        await fixture.Get<DeadLetterLedger>().RecordAsync([late with { Cause = "undecodable" }], ConsumerFixture.Stop);
        await console.PostAsync(path, token: null, [.. fields, ("reason", "not ours")]);

        await EndedAsync(fixture);
        var letters = await fixture.LedgerAsync();
        Assert.Equal([done, done, DeadLetterState.Open], letters.Select(letter => letter.State));
    }

    [Theory]
    [InlineData("discard", DeadLetterState.Discarded)]
    [InlineData("replay", DeadLetterState.Replayed)]
    public async Task What_is_put_back_to_open_after_an_operator_was_asked_is_not_done_in_place_of_what_was_shown(string action, DeadLetterState done)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray(), "none either"u8.ToArray()]);
        var older = (await fixture.DeadLettersAsync(2))[0].Id;
        await SetStateAsync(fixture, older, DeadLetterState.Replayed);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var path = $"/console/dead-letters/{action}?state=Open&cause=undecodable";
        var fields = await console.FieldsAsync(path);
        fixture.Get<ConsumptionGate>().Pause("so that what is replayed stays so");

        await SetStateAsync(fixture, older, DeadLetterState.Open);
        await console.PostAsync(path, token: null, [.. fields, ("reason", "not ours")]);

        await EndedAsync(fixture);
        Assert.Equal([DeadLetterState.Open, done], (await fixture.LedgerAsync()).OrderBy(letter => letter.Id).Select(letter => letter.State));
    }

    [Fact]
    public async Task Without_the_page_that_asks_only_what_is_named_one_by_one_is_done()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        var letter = Assert.Single(await fixture.DeadLettersAsync(1));
        using var console = await ConsoleClient.SignInAsync(fixture);
        var token = await console.TokenAsync("/console");

        Assert.Equal(HttpStatusCode.BadRequest, (await console.PostAsync("/console/dead-letters/discard?state=Open", token, ("reason", "x"))).Status);
        Assert.Equal(DeadLetterState.Open, Assert.Single(await fixture.LedgerAsync()).State);

        await console.PostAsync($"/console/dead-letters/discard?id={letter.Id}", token, ("reason", "x"));
        Assert.Equal(DeadLetterState.Discarded, Assert.Single(await fixture.LedgerAsync()).State);
    }

    [Fact]
    public async Task A_session_ends_when_the_key_it_began_with_is_changed()
    {
        await using var settings = await ServiceSettings.CreateAsync(servers);
        await using var before = await ConsumerFixture.StartAsync(settings, owns: false);
        using var console = await ConsoleClient.SignInAsync(before);
        await using var same = await ConsumerFixture.StartAsync(settings, owns: false);
        await using var changed = await ConsumerFixture.StartAsync(settings, owns: false, ("Operators:Key", "another key that replaces it"));

        // The first shows that a session outlives the process, so the key must end it.
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console", same.OperatorsUrl)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await console.GetAsync("/console", changed.OperatorsUrl)).Status);
    }

    [Fact]
    public async Task Without_an_address_there_is_no_console()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Operators:Url", ""));
        using var http = new HttpClient();

        foreach (var path in (string[])["/console", "/console/sign-in", "/ops/overview", "/openapi/v1.json"])
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(fixture.Url + path), ConsumerFixture.Stop)).StatusCode);
    }

    [Fact]
    public async Task What_makes_no_sense_or_does_not_exist_is_a_page_that_says_so()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var nonsense = await console.GetAsync("/console/dead-letters?since=yesterday");
        var missing = await console.GetAsync("/console/dead-letters/4711");

        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (nonsense.Status, nonsense.ContentType));
        Assert.Contains("since must be a time", nonsense.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (missing.Status, missing.ContentType));
        Assert.Contains("No dead letter has the id 4711", missing.Body, StringComparison.Ordinal);
    }

    private static Task EndedAsync(ConsumerFixture fixture) =>
        Eventually.IsTrueAsync(
            async () => (await fixture.Get<DeadLetterOperations>().ListAsync(10, ConsumerFixture.Stop)) is [{ EndedAt: not null }],
            "the operation to end"
        );

    // As after a replay that was sent, and after one that failed.
    private static async Task SetStateAsync(ConsumerFixture fixture, long id, DeadLetterState state)
    {
        await using var context = fixture.Open();
        await context
            .DeadLetters.Where(row => row.Id == id)
            .ExecuteUpdateAsync(
                row =>
                    row.SetProperty(changed => changed.State, state)
                        .SetProperty(changed => changed.UpdatedAt, TimeProvider.System.GetUtcNow().UtcDateTime),
                ConsumerFixture.Stop
            );
    }

    private static async Task AssertNothingHappenedAsync(ConsumerFixture fixture)
    {
        Assert.Null(await fixture.Get<ConsumptionSwitch>().ReadAsync(ConsumerFixture.Stop));
        var letter = Assert.Single(await fixture.LedgerAsync());
        Assert.Equal(DeadLetterState.Open, letter.State);
        Assert.Single((await fixture.Get<DeadLetterQueries>().FindAsync(letter.Id, ConsumerFixture.Stop))!.Audit);
    }
}
