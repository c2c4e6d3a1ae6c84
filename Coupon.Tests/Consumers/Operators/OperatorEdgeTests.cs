using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Records;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Hosting;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>What an operator, or somebody in an operator's place, may send, and is told plainly that it is not taken.</summary>
public sealed class OperatorEdgeTests(TestServers servers)
{
    [Fact]
    public async Task A_state_is_one_name_in_any_case_in_the_query_and_in_a_body()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        await fixture.DeadLettersAsync(1);
        using var http = fixture.OperatorsClient();

        foreach (var state in (string[])["open", "Open", "OPEN"])
        {
            Assert.Single((await http.GetFromJsonAsync<JsonArray>($"/ops/dead-letters?state={state}", ConsumerFixture.Stop))!);
            using var dry = await PostAsync(http, "/ops/dead-letters/replay", $$"""{"filter":{"states":["{{state}}"]},"dryRun":true}""");
            Assert.Equal(1, (await dry.Content.ReadFromJsonAsync<JsonElement>(ConsumerFixture.Stop)).GetProperty("matched").GetInt32());
        }
        foreach (var state in (string[])["Replayed,Resolved", "0", "opened", " open"])
        {
            await AssertNamedAsync(await http.GetAsync($"/ops/dead-letters?state={Uri.EscapeDataString(state)}"), "state");
            await AssertNamedAsync(await PostAsync(http, "/ops/dead-letters/replay", $$$"""{"filter":{"states":["{{{state}}}"]}}"""), "states");
        }
        await AssertNamedAsync(await PostAsync(http, "/ops/dead-letters/replay", """{"filter":{"states":[0]}}"""), "states");
    }

    [Theory]
    [InlineData("""{"filter":{"ids":null},"reason":"x"}""", "ids")]
    [InlineData("""{"filter":{"states":null},"reason":"x"}""", "states")]
    [InlineData("""{"filter":{"states":[]},"reason":"x"}""", "states")]
    [InlineData("""{"filter":{"couponId":null},"reason":"x"}""", "couponId")]
    [InlineData("""{"filter":{"couponId":"18"},"reason":"x"}""", "couponId")]
    [InlineData("""{"filter":{},"reason":"x","limit":"5"}""", "limit")]
    public async Task A_filter_that_says_nothing_in_so_many_words_does_not_mean_all(string body, string named)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        await fixture.DeadLettersAsync(1);
        using var http = fixture.OperatorsClient();

        await AssertNamedAsync(await PostAsync(http, "/ops/dead-letters/discard", body), named);

        Assert.Equal(DeadLetterState.Open, Assert.Single(await fixture.LedgerAsync()).State);
    }

    [Theory]
    [InlineData("1e-300")]
    [InlineData("0.001")]
    [InlineData("1e300")]
    [InlineData("-1")]
    [InlineData("0")]
    public async Task A_rate_that_no_clock_can_keep_is_refused(string rate)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray(), "none either"u8.ToArray()]);
        await fixture.DeadLettersAsync(2);
        using var http = fixture.OperatorsClient();

        await AssertNamedAsync(await PostAsync(http, "/ops/dead-letters/replay", $$"""{"filter":{},"rate":{{rate}}}"""), "rate");
    }

    [Theory]
    [InlineData("/ops/dead-letters?limit=abc", "limit")]
    [InlineData("/ops/dead-letters?limit=0", "limit")]
    [InlineData("/ops/dead-letters?limit=1001", "limit")]
    [InlineData("/ops/dead-letters?after=x", "after")]
    [InlineData("/ops/dead-letters?id=1&id=x", "id")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, string named)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = fixture.OperatorsClient();

        await AssertNamedAsync(await http.GetAsync(path), named);
    }

    [Theory]
    [InlineData("/console/é", "/console")]
    [InlineData("/console\r\nX: y", "/console")]
    [InlineData("/consolex", "/console")]
    [InlineData("//elsewhere.example", "/console")]
    [InlineData("/console/../../x\\y", "/console")]
    [InlineData("/console/dead-letters?state=Open", "/console/dead-letters?state=Open")]
    public async Task After_the_sign_in_only_a_page_of_the_console_follows(string returnUrl, string location)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(fixture.OperatorsUrl) };
        using var page = await http.GetAsync("/console/sign-in");
        var token = ConsoleClient.TokenOf(await page.Content.ReadAsStringAsync());
        using var form = new FormUrlEncodedContent([
            new("name", "Olga Operator"),
            new("key", ConsumerFixture.OperatorKey),
            new("returnUrl", returnUrl),
            new("__RequestVerificationToken", token),
        ]);

        using var answer = await http.PostAsync("/console/sign-in", form);

        Assert.Equal((HttpStatusCode.Redirect, location), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("system")]
    [InlineData("System ")]
    [InlineData("Olga\u001b[31m")]
    [InlineData("Olga\u202eagro")]
    [InlineData("\u200b")]
    [InlineData(" ")]
    public async Task An_operator_is_called_by_a_name_that_is_nobody_elses(string name)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = ConsoleClient.Open(fixture);
        var signIn = await console.PostAsync(
            "/console/sign-in",
            await console.TokenAsync("/console/sign-in"),
            ("name", name),
            ("key", ConsumerFixture.OperatorKey)
        );
        Assert.Equal(HttpStatusCode.BadRequest, signIn.Status);

        if (name.Trim() is not ("system" or "System"))
            return;
        using var http = fixture.OperatorsClient();
        http.DefaultRequestHeaders.Add("X-Operator-Name", name);
        await AssertNamedAsync(await PostAsync(http, "/ops/consumption/pause", """{"reason":"x"}"""), "must not be system");
        var command = await CommandLineRun.RunAsync(fixture.Settings.Environment, "dead-letters", "replay", "--yes", "--by", name);
        Assert.Equal(2, command.ExitCode);
        Assert.Contains("must not be system", command.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData("a\u001b[31mb")]
    public async Task Consumption_is_not_paused_without_a_reason_that_can_be_read(string reason)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(fixture);
        using var http = fixture.OperatorsClient();

        var page = await console.PostAsync("/console/pause", await console.TokenAsync("/console"), ("reason", reason));
        await AssertNamedAsync(await PostAsync(http, "/ops/consumption/pause", JsonSerializer.Serialize(new { reason })), "reason");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(await fixture.Get<ConsumptionSwitch>().ReadAsync(ConsumerFixture.Stop));
    }

    [Theory]
    [InlineData("Origin: https://elsewhere.example")]
    [InlineData("Origin: null")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    public async Task A_page_of_another_site_changes_nothing(string header)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);

        foreach (var path in (string[])["/ops/consumption/resume", "/console/resume", "/console/sign-in"])
        {
            var answer = await RawConnection.AskAsync(
                new Uri(fixture.OperatorsUrl),
                $"POST {path}",
                [header, $"X-Operator-Key: {ConsumerFixture.OperatorKey}", "Content-Type: application/x-www-form-urlencoded"],
                ""
            );
            Assert.Equal((403, "cross-site"), (answer.Status, answer.Code));
        }
        Assert.Null(await fixture.Get<ConsumptionSwitch>().ReadAsync(ConsumerFixture.Stop));
    }

    [Fact]
    public async Task A_redirect_does_not_lead_to_the_host_that_the_request_names()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var server = new Uri(fixture.OperatorsUrl);

        var local = await RawConnection.AskAsync(server, "GET /console?live=true", ["Host: elsewhere"]);
        var foreign = await RawConnection.AskAsync(server, "GET /console", ["Host: elsewhere.example"]);

        Assert.Equal((302, "/console/sign-in?ReturnUrl=%2Fconsole%3Flive%3Dtrue"), (local.Status, local.Header("Location")));
        Assert.Equal((421, "unknown-host"), (foreign.Status, foreign.Code));
    }

    [Theory]
    [InlineData("/console", 302)]
    [InlineData("/console/nowhere", 404)]
    [InlineData("/console/sign-in", 200)]
    [InlineData("/ops/overview", 401)]
    [InlineData("/ops/nowhere", 404)]
    [InlineData("/CONSOLE", 404)]
    [InlineData("/ops/dead-letters/", 404)]
    public async Task Every_answer_of_the_port_is_kept_by_nobody_and_runs_nothing(string path, int status)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);

        var answer = await RawConnection.AskAsync(new Uri(fixture.OperatorsUrl), $"GET {path}");

        Assert.Equal((status, "no-store", "nosniff"), (answer.Status, answer.Header("Cache-Control"), answer.Header("X-Content-Type-Options")));
        Assert.Contains("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_is_answered_as_GET()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        string[] key = [$"X-Operator-Key: {ConsumerFixture.OperatorKey}"];

        foreach (var path in (string[])["/ops/overview", "/ops/dead-letters", "/openapi/v1.json", "/console/sign-in", "/console/style.css"])
            Assert.Equal((path, 200), (path, (await RawConnection.AskAsync(new Uri(fixture.OperatorsUrl), $"HEAD {path}", key)).Status));
        Assert.Equal(200, (await RawConnection.AskAsync(new Uri(fixture.Url), "HEAD /health/live")).Status);
    }

    [Fact]
    public async Task Whoever_guesses_the_key_is_told_to_wait_and_whoever_has_it_is_not()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var wrong = fixture.OperatorsClient("a wrong key that is long");
        var statuses = new List<int>();
        for (var guess = 0; guess < 11; guess++)
        {
            using var answer = await wrong.GetAsync("/ops/dead-letters");
            statuses.Add((int)answer.StatusCode);
            Assert.Equal(statuses[^1] == 429, answer.Headers.RetryAfter is not null);
        }
        using var console = ConsoleClient.Open(fixture);

        Assert.Equal([.. Enumerable.Repeat(401, 10), 429], statuses);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await console.SignInAsync("a wrong key that is long")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await console.SignInAsync(ConsumerFixture.OperatorKey)).Status);
        using var right = fixture.OperatorsClient();
        using var served = await right.GetAsync("/ops/dead-letters");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    public async Task Behind_a_trusted_proxy_wrong_keys_are_counted_for_the_client_that_it_names(string trusted, bool isTrusted)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Proxies:Trusted", trusted));

        Assert.Equal(!isTrusted, await IsRefusedAsync(guess => $"198.51.100.{guess}"));
        Assert.True(await IsRefusedAsync(_ => "198.51.100.200"));

        async Task<bool> IsRefusedAsync(Func<int, string> client)
        {
            var statuses = new List<int>();
            for (var guess = 1; guess <= 11; guess++)
            {
                string[] headers = ["X-Operator-Key: a wrong key that is long", $"X-Forwarded-For: {client(guess)}"];
                statuses.Add((await RawConnection.AskAsync(new Uri(fixture.OperatorsUrl), "GET /ops/overview", headers)).Status);
            }

            Assert.All(statuses, status => Assert.True(status is 401 or 429, $"{status}"));
            return statuses.Contains(429);
        }
    }

    [Fact]
    public async Task A_page_of_the_console_is_no_warning()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var lines = new Lines();
        fixture.Get<ILoggerFactory>().AddProvider(lines);
        using var console = await ConsoleClient.SignInAsync(fixture);

        foreach (var path in (string[])["/console", "/console/dead-letters", "/console/dead-letters/discard"])
            Assert.Equal(HttpStatusCode.OK, (await console.GetAsync(path)).Status);

        Assert.DoesNotContain(lines.Written, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_shown_and_not_obeyed()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var forged = DeadLetterHeadersCodec.Read(
            new ConsumedRecord(
                "elsewhere",
                0,
                1,
                null,
                null,
                "no message"u8.ToArray(),
                [new MessageHeader(DeadLetterHeaders.ExceptionMessage, Encoding.UTF8.GetBytes("\u001b]0;owned\u0007 \u009b31m \u202e"))]
            )
        );
        await fixture.Get<DeadLetterLedger>().RecordAsync([forged], ConsumerFixture.Stop);
        var id = Assert.Single(await fixture.LedgerAsync()).Id;

        foreach (
            var command in (string[][])
                [
                    ["list"],
                    ["show", $"{id}"],
                ]
        )
        {
            var run = await CommandLineRun.RunAsync(fixture.Settings.Environment, ["dead-letters", .. command]);
            Assert.Contains("<U+001B>]0;owned<U+0007>", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(run.Output, character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'));
            Assert.DoesNotContain('\u202e', run.Output);
        }
    }

    [Fact]
    public async Task Attempts_that_are_more_than_a_number_holds_are_the_most_that_it_holds()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        var id = Assert.Single(await fixture.DeadLettersAsync(1)).Id;
        string origin;
        await using (var context = fixture.Open())
        {
            var row = (await context.DeadLetters.FindAsync([id], ConsumerFixture.Stop))!;
            origin = $"{row.Topic}/{row.Partition}@{row.Offset}";
            await context
                .DeadLetters.Where(letter => letter.Id == id)
                .ExecuteUpdateAsync(
                    letter =>
                        letter
                            .SetProperty(changed => changed.Attempts, int.MaxValue - 1)
                            .SetProperty(changed => changed.State, DeadLetterState.Replayed),
                    ConsumerFixture.Stop
                );
        }
        var again = DeadLetterHeadersCodec.Read(
            new ConsumedRecord(
                "elsewhere",
                0,
                2,
                null,
                null,
                "no message"u8.ToArray(),
                [
                    new MessageHeader(DeadLetterHeaders.LedgerId, Encoding.UTF8.GetBytes($"{id}")),
                    new MessageHeader(DeadLetterHeaders.LedgerOrigin, Encoding.UTF8.GetBytes(origin)),
                    new MessageHeader(DeadLetterHeaders.ReplayCount, "1"u8.ToArray()),
                    new MessageHeader(DeadLetterHeaders.Attempts, "99999999999"u8.ToArray()),
                ]
            )
        );

        await fixture.Get<DeadLetterLedger>().RecordAsync([again], ConsumerFixture.Stop);

        Assert.Equal(int.MaxValue, Assert.Single(await fixture.LedgerAsync()).Attempts);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.PostAsync(path, content, ConsumerFixture.Stop);
    }

    private static async Task AssertNamedAsync(HttpResponseMessage answer, string named)
    {
        using (answer)
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(ConsumerFixture.Stop);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (answer.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }
}
