using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>Replays and discards that go on after the answer, over the JSON API.</summary>
public sealed class BackgroundOperationsApiTests(TestServers servers)
{
    [Fact]
    public async Task A_program_starts_a_replay_follows_it_and_the_console_shows_it_too()
    {
        await using var fixture = await StartAsync(letters: 2_500);
        using var http = fixture.OperatorsClient();
        using var console = await ConsoleClient.SignInAsync(fixture);

        using var begun = await PostAsync(http, "/ops/operations/replay", new { filter = new { cause = "unknown-coupon" } });
        var operation = (await BodyAsync(begun)).GetProperty("operation").GetString();
        var ended = await EndedAsync(http, begun.Headers.Location!);

        Assert.Equal((HttpStatusCode.Accepted, $"/ops/operations/{operation}"), (begun.StatusCode, begun.Headers.Location!.OriginalString));
        Assert.Equal(
            ("replay", "finished", 500, 500, 500),
            (Text(ended, "kind"), Text(ended, "state"), Number(ended, "total"), Number(ended, "handled"), Number(ended, "done"))
        );
        Assert.Equal(500, await CountAsync(fixture, DeadLetterState.Replayed));
        Assert.Equal("202 done 500, skipped 0, failed 0", (await AuditedActions.OfAsync(fixture.Settings.MySql))[^1].Result);
        Assert.Contains("500 replayed", (await console.GetAsync($"/console/operations/{operation}")).Body, StringComparison.Ordinal);
        var listed = await http.GetFromJsonAsync<JsonElement>("/ops/operations", ConsumerFixture.Stop);
        Assert.Equal(operation, Text(Assert.Single(listed.EnumerateArray()), "operation"));
    }

    [Fact]
    public async Task It_is_stopped_and_what_was_done_stays_done()
    {
        await using var fixture = await StartAsync(letters: 2_500);
        using var http = fixture.OperatorsClient();
        using var begun = await PostAsync(http, "/ops/operations/replay", new { filter = new { }, rate = 20 });
        await Eventually.IsTrueAsync(
            async () => Number(await http.GetFromJsonAsync<JsonElement>(begun.Headers.Location!, ConsumerFixture.Stop), "handled") > 0,
            "some to be handled"
        );

        using var stopped = await PostAsync(http, $"{begun.Headers.Location!.OriginalString}/stop", new { });
        var ended = await EndedAsync(http, begun.Headers.Location!);

        Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        Assert.Equal("stopped", Text(ended, "state"));
        Assert.InRange(Number(ended, "done"), 1, 1_999);
        Assert.Equal(Number(ended, "done"), await CountAsync(fixture, DeadLetterState.Replayed));
    }

    [Fact]
    public async Task A_discard_says_what_it_was_refused()
    {
        await using var fixture = await StartAsync(letters: 50);
        using var http = fixture.OperatorsClient();

        // No seat was taken for these messages: Redis does not know their coupons.
        using var begun = await PostAsync(
            http,
            "/ops/operations/discard",
            new
            {
                filter = new { cause = "unknown-coupon" },
                reason = "test data",
                returnSeat = true,
            }
        );
        var ended = await EndedAsync(http, begun.Headers.Location!);

        Assert.Equal(("discard", "test data", 0, 10), (Text(ended, "kind"), Text(ended, "reason"), Number(ended, "done"), Number(ended, "failed")));
        Assert.Contains("no seat was taken for it", Text(ended.GetProperty("failures")[0], "reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_or_does_not_exist_is_refused_and_starts_nothing()
    {
        await using var fixture = await StartAsync(letters: 50);
        using var http = fixture.OperatorsClient();

        foreach (
            var (path, body) in ((string, object)[])
                [
                    ("/ops/operations/replay", new { filter = new { coupon = 17 } }),
                    ("/ops/operations/replay", new { filter = new { }, rate = 0 }),
                    ("/ops/operations/replay", new { }),
                    ("/ops/operations/discard", new { filter = new { }, reason = "" }),
                ]
        )
        {
            using var refused = await PostAsync(http, path, body);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (refused.StatusCode, Text(await BodyAsync(refused), "code")));
        }
        using var unknown = await PostAsync(http, "/ops/operations/4711/stop", new { });
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await http.GetAsync(new Uri("/ops/operations/4711", UriKind.Relative), ConsumerFixture.Stop)).StatusCode
        );
        Assert.Empty(await fixture.Get<DeadLetterOperations>().ListAsync(10, ConsumerFixture.Stop));
    }

    private async Task<ConsumerFixture> StartAsync(int letters)
    {
        var fixture = await ConsumerFixture.StartAsync(servers);
        await FullLedger.FillAsync(fixture.Settings.MySql, letters, coupons: 5);
        fixture.Get<ConsumptionGate>().Pause("so that what is replayed stays so");
        return fixture;
    }

    private static async Task<JsonElement> EndedAsync(HttpClient http, Uri operation)
    {
        var shown = default(JsonElement);
        await Eventually.IsTrueAsync(
            async () =>
                (shown = await http.GetFromJsonAsync<JsonElement>(operation, ConsumerFixture.Stop)).GetProperty("endedAt").ValueKind
                != JsonValueKind.Null,
            "the operation to end"
        );

        // The audit is completed right after.
        await Eventually.IsTrueAsync(
            async () =>
                (await http.GetFromJsonAsync<JsonElement>($"/ops/actions?operation={Text(shown, "operation")}", ConsumerFixture.Stop))
                    .EnumerateArray()
                    .All(action => Text(action, "result") != OperatorActionRow.Begun),
            "the audit to be completed"
        );
        return shown;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, object body) =>
        http.PostAsJsonAsync(path, body, ConsumerFixture.Stop);

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>(ConsumerFixture.Stop);

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();

    private static int Number(JsonElement body, string name) => body.GetProperty(name).GetInt32();

    private static Task<int> CountAsync(ConsumerFixture fixture, DeadLetterState state) =>
        fixture.Get<DeadLetterQueries>().CountAsync(new DeadLetterFilter { States = [state] }, ConsumerFixture.Stop);
}
