using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>What operators do with dead letters and consumption leaves a row: over the API, at the console, and by a command.</summary>
public sealed class ActionAuditTests(TestServers servers)
{
    [Fact]
    public async Task The_API_the_console_and_the_commands_leave_a_row_each()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync([.. Enumerable.Repeat("no message"u8.ToArray(), 3)]);
        var ids = (await fixture.DeadLettersAsync(3)).Select(letter => letter.Id).ToArray();
        using var http = Client(fixture);
        using var console = await ConsoleClient.SignInAsync(fixture);

        await PostAsync(http, "/ops/consumption/pause", new { reason = "a look around" });
        await PostAsync(
            http,
            "/ops/dead-letters/discard",
            new
            {
                filter = new { },
                reason = "test data",
                dryRun = true,
            }
        );
        await PostAsync(http, "/ops/dead-letters/discard", new { filter = new { ids = ids[..1] }, reason = "test data" });
        await PostAsync(http, "/ops/dead-letters/discard", new { filtre = new { }, reason = "test data" });
        var token = await console.TokenAsync("/console");
        await console.PostAsync($"/console/dead-letters/replay?id={ids[1]}", token);
        await console.PostAsync("/console/resume", token);
        await console.PostAsync("/console/pause", token: null, ("reason", "x"));
        var command = await CommandLineRun.RunAsync(
            fixture.Settings.Environment,
            ["dead-letters", "discard", "--id", $"{ids[2]}", "--reason", "test data", "--yes", "--by", "ivan"]
        );
        await CommandLineRun.RunAsync(fixture.Settings.Environment, "rebuild", "--coupon", "4711", "--by", "ivan");
        await CommandLineRun.RunAsync(fixture.Settings.Environment, "dead-letters", "discard", "--dry-run", "--reason", "x");
        await console.PostAsync("/console/sign-out", token);

        Assert.Equal(0, command.ExitCode);
        Assert.Equal<(string, string, long?, string)>(
            [
                ("Olga Operator", "sign-in", null, "302"),
                ("Peter", "pause", null, "204"),
                ("Peter", "discard", null, "200 dry run"),
                ("Peter", "discard", null, "200 done 1, skipped 0, failed 0"),
                ("Peter", "discard", null, "400 invalid-request"),
                ("Olga Operator", "replay", null, "302 done 1, skipped 0, failed 0"),
                ("Olga Operator", "resume", null, "302"),
                ("Olga Operator", "pause", null, "400 invalid-request"),
                ("ivan", "discard", null, "exit 0 done 1, skipped 0, failed 0"),
                ("ivan", "rebuild", 4711, "exit 3"),
                ("Olga Operator", "sign-out", null, "302"),
            ],
            await AuditedActions.InShortAsync(fixture.Settings.MySql)
        );
        var rows = await AuditedActions.OfAsync(fixture.Settings.MySql);
        Assert.All(rows, row => Assert.Equal(row.Actor == "ivan" ? $"command line on {Environment.MachineName}" : "127.0.0.1", row.Address));

        // From what was done to a dead letter to the action that did it.
        foreach (var (id, at) in ((long, int)[])[(ids[0], 3), (ids[1], 5), (ids[2], 8)])
        {
            var audit = (await fixture.Get<DeadLetterQueries>().FindAsync(id, ConsumerFixture.Stop))!.Audit;
            var line = audit.Single(entry => entry.Action is DeadLetterAction.Discarded or DeadLetterAction.Replayed);
            Assert.Equal(rows[at].Operation, line.Operation);
        }
    }

    [Fact]
    public async Task They_are_listed_newest_first_in_pages_of_a_coupon_or_of_an_operation()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = Client(fixture);
        for (var times = 0; times < 2; times++)
        {
            foreach (var coupon in (long[])[17, 18])
                await PostAsync(http, "/ops/dead-letters/discard", new { filter = new { couponId = coupon }, reason = "x" });
        }

        var all = await ListAsync(http, "");
        Assert.Equal([18, 17, 18, 17], all.Select(action => (long)action!["couponId"]!));
        Assert.Equal(("Peter", "discard"), ((string)all[0]!["actor"]!, (string)all[0]!["action"]!));
        Assert.Equal("200 done 0, skipped 0, failed 0", (string)all[0]!["result"]!);
        Assert.Equal(all.Select(Id).Where((_, at) => at % 2 == 1), (await ListAsync(http, "?coupon=17")).Select(Id));
        var first = await ListAsync(http, "?limit=3");
        Assert.Equal(all.Take(3).Select(Id), first.Select(Id));
        Assert.Equal(all.Skip(3).Select(Id), (await ListAsync(http, $"?limit=3&before={Id(first[^1])}")).Select(Id));
        Assert.Equal(Id(all[2]), Id(Assert.Single(await ListAsync(http, $"?operation={all[2]!["operation"]}"))));
        foreach (var (query, named) in ((string, string)[])[("coupon=x", "coupon"), ("before=-1", "before"), ("operation=x", "operation")])
        {
            using var answer = await http.GetAsync($"/ops/actions?{query}");
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(ConsumerFixture.Stop);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (answer.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_sign_in_that_fails_leaves_a_row_without_what_was_typed_and_a_flood_of_them_leaves_few()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = ConsoleClient.Open(fixture);
        for (var guess = 0; guess < 15; guess++)
            await console.SignInAsync("a wrong key that is long");

        Assert.Equal(Enumerable.Repeat(("unknown", "sign-in", (long?)null, "401"), 10), await AuditedActions.InShortAsync(fixture.Settings.MySql));
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.7")]
    [InlineData("", "127.0.0.1")]
    public async Task The_address_is_that_of_the_client_where_a_trusted_proxy_names_it(string trusted, string recorded)
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Proxies:Trusted", trusted));
        using var http = Client(fixture);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");

        await PostAsync(http, "/ops/consumption/resume", new { });

        Assert.Equal(recorded, Assert.Single(await AuditedActions.OfAsync(fixture.Settings.MySql)).Address);
    }

    [Fact]
    public async Task What_is_older_than_the_audit_keeps_is_removed_and_nothing_else()
    {
        var settings = await ServiceSettings.CreateAsync(servers);
        await using (var connection = new MySqlConnection(settings.MySql))
        {
            foreach (var days in (int[])[1, 29, 31, 5000])
                await connection.ExecuteAsync(
                    """
                    INSERT INTO operator_actions (operation, at, actor, action, address, result)
                    VALUES (@days, UTC_TIMESTAMP(3) - INTERVAL @days DAY, 'olga', @days, 'here', '200')
                    """,
                    new { days }
                );
        }

        await using var fixture = await ConsumerFixture.StartAsync(settings, owns: true, ("Audit:KeepFor", "30.00:00:00"));

        await Eventually.IsTrueAsync(async () => (await AuditedActions.OfAsync(settings.MySql)).Count <= 2, "two are left");
        Assert.Equal(["1", "29"], (await AuditedActions.OfAsync(settings.MySql)).Select(row => row.Action));
    }

    [Fact]
    public async Task A_migration_leaves_a_row_in_the_table_that_it_makes()
    {
        await using var kafka = await Coupon.LocalServers.MockKafka.StartAsync(cancellationToken: ConsumerFixture.Stop);
        var database = new MySqlConnectionStringBuilder((await servers.MySqlAsync()).ConnectionString)
        {
            Database = UniqueName.From("coupon"),
        }.ConnectionString;
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Kafka"] = kafka.ConnectionString,
            ["ConnectionStrings__MySql"] = database,
            ["Topics__CouponIssued"] = UniqueName.From("coupon-issued"),
            ["Topics__DeadLetters"] = UniqueName.From("dead-letters"),
        };

        // The mock cluster creates no topics.
        await CommandLineRun.RunAsync(environment, "migrate", "--wait", "1", "--by", "ivan");
        foreach (var topic in (string[])["Topics__CouponIssued", "Topics__DeadLetters"])
            await kafka.CreateTopicAsync(environment[topic], 1, ConsumerFixture.Stop);
        await CommandLineRun.RunAsync(environment, "migrate", "--by", "ivan");

        Assert.Equal([("ivan", "migrate", null, "exit 1"), ("ivan", "migrate", null, "exit 0")], await AuditedActions.InShortAsync(database));
    }

    [Fact]
    public async Task Every_endpoint_that_changes_something_at_the_operators_door_has_a_word_in_the_audit()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);

        var changing = fixture
            .Get<EndpointDataSource>()
            .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<Door>()?.IsForOperators == true)
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(method => !HttpMethods.IsGet(method)) == true)
            .Select(ActionNames.Of)
            .Order();

        Assert.Equal(
            [
                "close",
                "discard",
                "discard",
                "discard",
                "pause",
                "pause",
                "rebuild",
                "replay",
                "replay",
                "replay",
                "restock",
                "resume",
                "resume",
                "sign-in",
                "sign-out",
                "stop",
                "stop",
            ],
            changing
        );
    }

    private static long Id(JsonNode? action) => (long)action!["id"]!;

    private static async Task<JsonArray> ListAsync(HttpClient http, string query) =>
        (await http.GetFromJsonAsync<JsonArray>($"/ops/actions{query}", ConsumerFixture.Stop))!;

    private static HttpClient Client(ConsumerFixture fixture)
    {
        var http = new HttpClient { BaseAddress = new Uri(fixture.OperatorsUrl) };
        http.DefaultRequestHeaders.Add("X-Operator-Key", ConsumerFixture.OperatorKey);
        http.DefaultRequestHeaders.Add("X-Operator-Name", "Peter");
        return http;
    }

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body, ConsumerFixture.Stop);
    }
}
