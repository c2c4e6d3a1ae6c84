using System.Net;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>Replays and discards of many dead letters, which run in the background.</summary>
public sealed class OperationTests(TestServers servers)
{
    private const string OpenUnknown = "?state=Open&cause=unknown-coupon";

    [Fact]
    public async Task All_that_match_are_replayed_by_one_operation_that_the_audits_name()
    {
        await using var fixture = await StartAsync(letters: 2_500);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var page = await PostAsync(console, "replay", OpenUnknown);
        var ended = await EndedAsync(fixture);

        Assert.Equal($"/console/operations/{ended.Operation}", page.Location);
        Assert.Equal((DeadLetterOperationState.Finished, 500, 500, 0, 0), (ended.State, ended.Total, ended.Done, ended.Skipped, ended.Failed));
        Assert.Equal(500, await CountAsync(fixture, DeadLetterState.Replayed));
        Assert.Equal("302 done 500, skipped 0, failed 0", (await AuditedActions.OfAsync(fixture.Settings.MySql))[^1].Result);
        Assert.Equal(ended.Operation, (await AuditedActions.OfAsync(fixture.Settings.MySql))[^1].Operation);
        await using var context = fixture.Open();
        Assert.Equal(500, await context.DeadLetterAudit.CountAsync(line => line.Operation == ended.Operation, ConsumerFixture.Stop));
        var shown = (await console.GetAsync(page.Location!)).Body;
        Assert.Contains("500 replayed, 0 skipped because someone else was changing them, 0 refused or failed.", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_selected_is_discarded_and_nothing_else()
    {
        await using var fixture = await StartAsync(letters: 50);
        using var console = await ConsoleClient.SignInAsync(fixture);

        await PostAsync(console, "discard", "?id=1&id=3", ("reason", "test data"));
        var ended = await EndedAsync(fixture);

        Assert.Equal((DeadLetterOperationKind.Discard, 2), (ended.Kind, ended.Done));
        Assert.Equal([1, 3], (await fixture.LedgerAsync()).Where(letter => letter.State == DeadLetterState.Discarded).Select(letter => letter.Id));
        Assert.Contains("the 2 selected", WebUtility.HtmlDecode((await console.GetAsync("/console/operations")).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_question_names_the_filter_and_shows_the_first_letters()
    {
        await using var fixture = await StartAsync(letters: 2_500);
        using var console = await ConsoleClient.SignInAsync(fixture);

        var page = WebUtility.HtmlDecode((await console.GetAsync($"/console/dead-letters/discard{OpenUnknown}&coupon=3")).Body);

        Assert.Contains("state Open, cause unknown-coupon, coupon 3", page, StringComparison.Ordinal);
        Assert.Contains("<strong>125</strong> dead letters will be given up for good", page, StringComparison.Ordinal);
        Assert.Contains("The first 10", page, StringComparison.Ordinal);
        Assert.Equal(10, page.Split("<th scope=\"row\">").Length - 1);
    }

    [Fact]
    public async Task An_operator_at_another_instance_sees_how_far_it_is_and_stops_it()
    {
        await using var fixture = await StartAsync(letters: 2_500);
        await using var other = await ConsumerFixture.StartAsync(fixture.Settings, owns: false);
        other.Get<ConsumptionGate>().Pause("so that what is replayed stays so");
        using var console = await ConsoleClient.SignInAsync(fixture);
        var page = (await PostAsync(console, "replay", OpenUnknown, ("rate", "20"))).Location!;
        await Eventually.IsTrueAsync(
            async () => (await CurrentAsync(fixture)) is { State: DeadLetterOperationState.Running, Handled: > 0 },
            "some to be handled"
        );
        Assert.Contains("of 500 handled", (await console.GetAsync(page, other.OperatorsUrl)).Body, StringComparison.Ordinal);

        await console.PostToAsync(other, $"{page}/stop", await console.TokenAsync("/console"));
        var ended = await EndedAsync(fixture);

        Assert.Equal((DeadLetterOperationState.Stopped, "Olga Operator"), (ended.State, ended.StoppedBy));
        Assert.InRange(ended.Done, 1, 499);
        Assert.Equal(ended.Done, await CountAsync(fixture, DeadLetterState.Replayed));
        var actions = await AuditedActions.InShortAsync(fixture.Settings.MySql);
        Assert.Equal(
            [("Olga Operator", "replay", null, $"302 stopped: done {ended.Done}, skipped 0, failed 0"), ("Olga Operator", "stop", null, "302")],
            actions.Skip(1)
        );
    }

    [Fact]
    public async Task One_whose_instance_stops_is_finished_by_another()
    {
        await using var settings = await ServiceSettings.CreateAsync(servers);
        await FullLedger.FillAsync(settings.MySql, letters: 500, coupons: 5);
        await using var first = await ConsumerFixture.StartAsync(settings, owns: false);
        await first.Get<ConsumptionSwitch>().SetAsync(paused: true, "so that what is replayed stays so", "a test", ConsumerFixture.Stop);
        await Eventually.IsTrueAsync(() => Task.FromResult(first.Get<ConsumptionGate>().IsPaused), "consumption to stand still");
        using var console = await ConsoleClient.SignInAsync(first);
        await PostAsync(console, "replay", OpenUnknown, ("rate", "20"));
        await Eventually.IsTrueAsync(async () => (await CurrentAsync(first)) is { Handled: > 0 }, "some to be handled");
        await first.DisposeAsync();

        await using var second = await ConsumerFixture.StartAsync(settings, owns: false);
        var ended = await EndedAsync(second);

        Assert.Equal((DeadLetterOperationState.Finished, 100), (ended.State, ended.Done));
        Assert.Equal(100, await CountAsync(second, DeadLetterState.Replayed));
        Assert.Equal("302 done 100, skipped 0, failed 0", (await AuditedActions.OfAsync(settings.MySql))[^1].Result);
    }

    [Fact]
    public async Task What_it_is_refused_is_on_its_page()
    {
        await using var fixture = await StartAsync(letters: 50);
        using var console = await ConsoleClient.SignInAsync(fixture);

        // No seat was taken for these messages: Redis does not know their coupons.
        var page = await PostAsync(console, "discard", OpenUnknown, ("reason", "x"), ("returnSeat", "true"));
        var ended = await EndedAsync(fixture);

        Assert.Equal((DeadLetterOperationState.Finished, 0, 10), (ended.State, ended.Done, ended.Failed));
        Assert.Contains("no seat was taken for it", (await console.GetAsync(page.Location!)).Body, StringComparison.Ordinal);
    }

    private async Task<ConsumerFixture> StartAsync(int letters)
    {
        var fixture = await ConsumerFixture.StartAsync(servers);
        await FullLedger.FillAsync(fixture.Settings.MySql, letters, coupons: 5);
        fixture.Get<ConsumptionGate>().Pause("so that what is replayed stays so");
        return fixture;
    }

    private static async Task<ConsoleAnswer> PostAsync(
        ConsoleClient console,
        string action,
        string query,
        params (string Name, string Value)[] fields
    )
    {
        var path = $"/console/dead-letters/{action}{query}";
        var answer = await console.PostAsync(path, token: null, [.. await console.FieldsAsync(path), .. fields]);
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        return answer;
    }

    private static async Task<DeadLetterOperationRow?> CurrentAsync(ConsumerFixture fixture) =>
        (await fixture.Get<DeadLetterOperations>().ListAsync(10, ConsumerFixture.Stop)).SingleOrDefault();

    private static async Task<DeadLetterOperationRow> EndedAsync(ConsumerFixture fixture)
    {
        DeadLetterOperationRow? operation = null;
        await Eventually.IsTrueAsync(
            async () =>
                (operation = await CurrentAsync(fixture)) is { EndedAt: not null }
                && (await AuditedActions.OfAsync(fixture.Settings.MySql)).All(action => action.Result != OperatorActionRow.Begun),
            "the operation to end"
        );
        return operation!;
    }

    private static Task<int> CountAsync(ConsumerFixture fixture, DeadLetterState state) =>
        fixture.Get<DeadLetterQueries>().CountAsync(new DeadLetterFilter { States = [state] }, ConsumerFixture.Stop);
}
