using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Operators;

public sealed class OperationsApiTests(TestServers servers)
{
    [Fact]
    public async Task It_is_closed_without_a_key_or_a_token_with_the_role()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, OperatorTokens.Setting);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(fixture, null, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(fixture, "X-Operator-Key", "a wrong key that is long"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fixture, "X-Operator-Key", ConsumerFixture.OperatorKey));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(fixture, "Authorization", "Bearer " + OperatorTokens.Of("customer")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fixture, "Authorization", "Bearer " + OperatorTokens.Of("coupon-operator")));
    }

    [Fact]
    public async Task At_the_public_door_it_does_not_exist()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Operator-Key", ConsumerFixture.OperatorKey);

        foreach (var path in (string[])["/ops/overview", "/console", "/console/sign-in", "/openapi/v1.json", "/metrics"])
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(fixture.Url + path), ConsumerFixture.Stop)).StatusCode);
    }

    [Fact]
    public void An_address_without_a_key_stops_the_start()
    {
        var open = new Coupon.Hosting.Operators.OperatorOptions { Url = "http://127.0.0.1:5081" };

        Assert.Contains("Operators:Key or Operators:Jwt", Assert.Single(open.Validate(new(open))).ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not base64!", null, "SigningKey")]
    [InlineData("c2hvcnQ=", null, "SigningKey")]
    [InlineData(null, "identity.example", "Authority")]
    [InlineData(null, "http://identity.example", "Authority")]
    public void Tokens_that_could_never_be_checked_stop_the_start(string? signingKey, string? authority, string named)
    {
        var options = new Coupon.Hosting.Operators.OperatorOptions
        {
            Url = "http://127.0.0.1:5081",
            Jwt = { SigningKey = signingKey, Authority = authority },
        };

        Assert.Contains($"Operators:Jwt:{named}", Assert.Single(options.Validate(new(options))).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_names_whom_the_token_names()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, OperatorTokens.Setting);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        var letter = Assert.Single(await fixture.DeadLettersAsync(1));
        using var http = fixture.OperatorsClient(key: null);
        http.DefaultRequestHeaders.Authorization = new("Bearer", OperatorTokens.Of("coupon-operator"));

        await PostAsync(http, "/ops/dead-letters/discard", new { filter = new { ids = new[] { letter.Id } }, reason = "x" });

        Assert.Equal("Olga Operator", (await fixture.Get<DeadLetterQueries>().FindAsync(letter.Id, ConsumerFixture.Stop))!.Audit[^1].Actor);
    }

    [Fact]
    public async Task Dead_letters_are_listed_shown_counted_replayed_and_discarded()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await fixture.AddCouponAsync(2);
        await fixture.SendAsync(coupon, 4);
        await fixture.DeadLettersAsync(2);
        using var http = fixture.OperatorsClient();

        var list = await http.GetFromJsonAsync<JsonArray>("/ops/dead-letters?state=Open&cause=over-issued", ConsumerFixture.Stop);
        Assert.Equal(["over-issued", "over-issued"], list!.Select(letter => (string)letter!["cause"]!));
        var id = (long)list![0]!["id"]!;
        var shown = await http.GetFromJsonAsync<JsonObject>($"/ops/dead-letters/{id}", ConsumerFixture.Stop);
        Assert.Contains($"\"couponId\":{coupon}", (string)shown!["value"]!["text"]!, StringComparison.Ordinal);
        var groups = await http.GetFromJsonAsync<JsonArray>("/ops/dead-letters/groups", ConsumerFixture.Stop);
        Assert.Equal(2, (int)groups![0]!["count"]!);

        var dry = await PostAsync(http, "/ops/dead-letters/replay", new { filter = new { couponId = coupon }, dryRun = true });
        Assert.Equal((2, 0), ((int)dry["matched"]!, (int)dry["done"]!));
        Assert.Equal(list.Select(letter => (long)letter!["id"]!), dry["ids"]!.AsArray().Select(matched => (long)matched!));
        var replayed = await PostAsync(http, "/ops/dead-letters/replay", new { filter = new { ids = new[] { id } } });
        Assert.Equal(1, (int)replayed["done"]!);
        var discarded = await PostAsync(
            http,
            "/ops/dead-letters/discard",
            new { filter = new { ids = new[] { (long)list[1]!["id"]! } }, reason = "sold out" }
        );
        Assert.Equal(1, (int)discarded["done"]!);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await http.GetAsync(new Uri("/ops/dead-letters/999999", UriKind.Relative), ConsumerFixture.Stop)).StatusCode
        );
    }

    [Theory]
    [InlineData("2026-05-01 12:00", 1)]
    [InlineData("2026-05-01T11:59:59", 0)]
    [InlineData("2026-05-01T21:00:00+09:00", 1)]
    public async Task Times_of_a_body_are_read_as_those_of_a_query_string(string until, int matched)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        var letter = Assert.Single(await fixture.DeadLettersAsync(1));
        await using (var context = fixture.Open())
        {
            (await context.DeadLetters.FindAsync([letter.Id], ConsumerFixture.Stop))!.LastFailedAt = new DateTime(
                2026,
                5,
                1,
                11,
                59,
                59,
                500,
                DateTimeKind.Utc
            );
            await context.SaveChangesAsync(ConsumerFixture.Stop);
        }
        using var http = fixture.OperatorsClient();

        var listed = await http.GetFromJsonAsync<JsonArray>($"/ops/dead-letters?until={Uri.EscapeDataString(until)}", ConsumerFixture.Stop);
        var dry = await PostAsync(
            http,
            "/ops/dead-letters/discard",
            new
            {
                filter = new { until },
                reason = "x",
                dryRun = true,
            }
        );

        Assert.Equal((matched, matched), (listed!.Count, (int)dry["matched"]!));
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.NoContent)]
    public async Task What_a_page_of_another_site_makes_a_browser_send_is_refused_though_a_proxy_has_added_the_token(
        string from,
        HttpStatusCode status
    )
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.Get<ConsumptionSwitch>().SetAsync(paused: true, "a look around", "an operator", ConsumerFixture.Stop);
        using var http = fixture.OperatorsClient();
        using var form = new FormUrlEncodedContent([]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ops/consumption/resume")
        {
            Content = form,
            Headers = { { "Sec-Fetch-Site", from } },
        };

        using var answer = await http.SendAsync(request, ConsumerFixture.Stop);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.Forbidden, (await fixture.Get<ConsumptionSwitch>().ReadAsync(ConsumerFixture.Stop))!.Paused);
    }

    [Theory]
    [InlineData("/ops/dead-letters/replay", """{"filter":{},"limit":0}""")]
    [InlineData("/ops/dead-letters/replay", """{"filter":{},"set":{"colour":"red"}}""")]
    [InlineData("/ops/dead-letters/replay", """{}""")]
    [InlineData("/ops/dead-letters/discard", """{"filter":{},"reason":" "}""")]
    [InlineData("/ops/dead-letters/discard", """not json""")]
    [InlineData("/ops/dead-letters/replay", """{"filter":null}""", "filter")]
    [InlineData("/ops/dead-letters/replay", """{"filter":{},"set":{"user-id":null}}""", "user-id")]
    [InlineData("/ops/dead-letters/discard", """{"filter":null,"reason":"x"}""", "filter")]
    [InlineData("/ops/dead-letters/discard", """{"filter":{},"reason":null}""", "reason")]
    [InlineData("/ops/consumption/pause", """{}""", "reason")]
    [InlineData("/ops/consumption/pause", """{"reason":null}""", "reason")]
    [InlineData("/ops/consumption/pause", """{"reason":" "}""", "reason")]
    [InlineData("/ops/consumption/pause", """null""")]
    [InlineData("/ops/dead-letters/discard", """{"filter":{"coupon":17},"reason":"x"}""")]
    [InlineData("/ops/dead-letters/discard", """{"filter":{"couponId":17,"couponId":18},"reason":"x"}""")]
    [InlineData("/ops/dead-letters/discard", """{"filter":{},"reason":"x","dry_run":true}""")]
    [InlineData("/ops/dead-letters/replay", """{"filter":{},"dry_run":true}""")]
    [InlineData("/ops/consumption/pause", """{"reason":"x","until":"noon"}""")]
    public async Task What_makes_no_sense_is_a_400_and_changes_nothing(string path, string body, string? named = null)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);

        // A dead letter of the coupon that the bodies name last: a parser that took the last member would find it.
        await fixture.SendAsync(coupon: 18, count: 1);
        var letter = Assert.Single(await fixture.DeadLettersAsync(1));
        var before = await fixture.Get<DeadLetterQueries>().FindAsync(letter.Id, ConsumerFixture.Stop);
        using var http = fixture.OperatorsClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, ConsumerFixture.Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(ConsumerFixture.Stop);
        Assert.Equal("invalid-request", problem.GetProperty("code").GetString());
        if (named is not null)
            Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equivalent(before, await fixture.Get<DeadLetterQueries>().FindAsync(letter.Id, ConsumerFixture.Stop), strict: true);
        Assert.Equal(DeadLetterState.Open, before!.Letter.State);
        Assert.Null(await fixture.Get<ConsumptionSwitch>().ReadAsync(ConsumerFixture.Stop));
    }

    [Fact]
    public async Task A_name_that_the_audit_cannot_hold_is_refused_at_either_door()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var endless = new string('x', 101);
        using var http = fixture.OperatorsClient();
        http.DefaultRequestHeaders.Add("X-Operator-Name", endless);

        foreach (
            var (path, body) in new (string, object)[]
            {
                ("/ops/dead-letters/replay", new { filter = new { } }),
                ("/ops/dead-letters/discard", new { filter = new { }, reason = "x" }),
                ("/ops/consumption/pause", new { reason = "x" }),
                ("/ops/consumption/resume", new { }),
            }
        )
        {
            using var answer = await http.PostAsJsonAsync(path, body, ConsumerFixture.Stop);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(ConsumerFixture.Stop);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (answer.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains("at most 100 characters", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        using var console = ConsoleClient.Open(fixture);
        var signIn = await console.PostAsync(
            "/console/sign-in",
            await console.TokenAsync("/console/sign-in"),
            ("name", endless),
            ("key", ConsumerFixture.OperatorKey)
        );
        Assert.Equal(HttpStatusCode.BadRequest, signIn.Status);
        Assert.Contains("at most 100 characters", signIn.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_from_another_site_changes_nothing()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = fixture.OperatorsClient();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "x"), KeyValuePair.Create("key", ConsumerFixture.OperatorKey)]);

        using var answer = await http.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form, ConsumerFixture.Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Every_operation_is_in_the_OpenAPI_document()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = fixture.OperatorsClient();

        var document = await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", ConsumerFixture.Stop);

        Assert.Equal(
            [
                "/ops/actions",
                "/ops/consumption/pause",
                "/ops/consumption/resume",
                "/ops/dead-letters",
                "/ops/dead-letters/discard",
                "/ops/dead-letters/groups",
                "/ops/dead-letters/places",
                "/ops/dead-letters/replay",
                "/ops/dead-letters/{id}",
                "/ops/operations",
                "/ops/operations/discard",
                "/ops/operations/replay",
                "/ops/operations/{operation}",
                "/ops/operations/{operation}/stop",
                "/ops/overview",
            ],
            document
                .GetProperty("paths")
                .EnumerateObject()
                .Select(path => path.Name)
                .Where(path => path.StartsWith("/ops", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    private static async Task<HttpStatusCode> StatusAsync(ConsumerFixture fixture, string? header, string? value)
    {
        using var http = fixture.OperatorsClient(key: null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ops/dead-letters");
        if (header is not null)
            request.Headers.Add(header, value);
        using var answer = await http.SendAsync(request, ConsumerFixture.Stop);
        return answer.StatusCode;
    }

    private static async Task<JsonObject> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body, ConsumerFixture.Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(ConsumerFixture.Stop))!;
    }
}
