using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Coupon.LocalServers;
using Coupon.Tests.Consumers.Pages;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>MySQL is away, and an operator looks for the reason.</summary>
public sealed class WithoutMySqlTests(TestServers servers)
{
    [Fact]
    public async Task Pages_say_that_MySQL_is_away_the_API_answers_503_and_afterwards_all_is_as_it_was()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerFixture.Stop);
        var database = await TestDatabase.CreateAsync(mySql.ConnectionString);
        await using var fixture = await ConsumerFixture.StartAsync(
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database + ";Connection Timeout=2"),
            owns: true
        );
        var coupon = await fixture.AddCouponAsync(10);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        await fixture.DeadLettersAsync(1);
        using var console = await ConsoleClient.SignInAsync(fixture);
        var token = await console.TokenAsync("/console");
        using var api = fixture.OperatorsClient();

        await mySql.KillAsync();
        await fixture.SendAsync(coupon, 3);
        await fixture.HealthSaysAsync("DatabaseUnavailable");

        foreach (
            var path in (string[])
                ["/console", "/console/dead-letters", "/console/dead-letters/1", "/console/dead-letters/replay", "/console/dead-letters/discard"]
        )
            AssertSaysSo(await console.GetAsync(path));
        AssertSaysSo(await console.PostAsync("/console/pause", token, ("reason", "a look around")));
        AssertSaysSo(await console.PostAsync("/console/resume", token));
        AssertSaysSo(await console.PostAsync("/console/dead-letters/replay?id=1", token));
        AssertSaysSo(await console.PostAsync("/console/dead-letters/discard?id=1", token, ("reason", "x")));
        Assert.Contains("DatabaseUnavailable", (await console.GetAsync("/console")).Body, StringComparison.Ordinal);
        foreach (var path in (string[])["/ops/overview", "/ops/dead-letters", "/ops/dead-letters/groups", "/ops/dead-letters/1"])
            await AssertUnavailableAsync(await api.GetAsync(new Uri(path, UriKind.Relative), ConsumerFixture.Stop));
        await AssertUnavailableAsync(await api.PostAsJsonAsync("/ops/consumption/pause", new { reason = "x" }, ConsumerFixture.Stop));
        await AssertUnavailableAsync(await api.PostAsJsonAsync("/ops/dead-letters/replay", new { filter = new { } }, ConsumerFixture.Stop));
        await AssertUnavailableAsync(
            await api.PostAsJsonAsync("/ops/dead-letters/discard", new { filter = new { }, reason = "x" }, ConsumerFixture.Stop)
        );

        await mySql.StartAgainAsync(ConsumerFixture.Stop);
        await fixture.RowsAsync(coupon, 3);
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console")).Status);
        Assert.Equal("Open", Assert.Single(await fixture.LedgerAsync()).State.ToString());
        await console.PostAsync("/console/pause", token, ("reason", "a look around"));
        await fixture.HealthSaysAsync("a look around");
        await console.PostAsync("/console/resume", token);
        await fixture.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
    }

    [Fact]
    public async Task While_MySQL_is_frozen_who_is_signed_in_reads_that_it_does_not_answer()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerFixture.Stop);
        var database = await TestDatabase.CreateAsync(mySql.ConnectionString);

        // Statements are not bounded by the connection: what bounds the reading of the session is its own.
        await using var fixture = await ConsumerFixture.StartAsync(
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database + ";Default Command Timeout=0"),
            owns: true
        );
        using var console = await ConsoleClient.SignInAsync(fixture);
        var token = await console.TokenAsync("/console");
        mySql.Freeze();
        try
        {
            AssertSaysSo(await console.GetAsync("/console"));
            AssertSaysSo(await console.PostAsync("/console/pause", token, ("reason", "a look around")));
        }
        finally
        {
            mySql.Thaw();
        }

        await Eventually.IsTrueAsync(async () => (await console.GetAsync("/console")).Status == HttpStatusCode.OK, "the console is back");
    }

    [Fact]
    public async Task A_consumer_that_starts_while_MySQL_is_away_says_what_it_waits_for_and_begins_when_MySQL_answers()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerFixture.Stop);
        var database = await TestDatabase.CreateAsync(mySql.ConnectionString);
        await mySql.KillAsync();
        await using var fixture = await ConsumerFixture.StartUnreadAsync(
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database + ";Connection Timeout=2"),
            owns: true,
            OperatorTokens.Setting
        );

        // Nobody can sign in now; a token needs no MySQL.
        using var console = ConsoleClient.Open(fixture, OperatorTokens.Of("coupon-operator"));

        // 503 only until the bus has started.
        await Eventually.IsTrueAsync(
            async () =>
                await fixture.HealthAsync() is (200, var health)
                && health.Contains("\"status\":\"Degraded\"", StringComparison.Ordinal)
                && health.Contains("cannot be read", StringComparison.Ordinal),
            "200, degraded: the switch cannot be read"
        );
        var page = await console.GetAsync("/console");
        AssertSaysSo(page);
        Assert.Contains("SwitchUnread", page.Body, StringComparison.Ordinal);
        Assert.Contains("cannot be read", page.Body, StringComparison.Ordinal);

        // Its form needs a key of MySQL. Who is not known reads the kinds of the obstacles alone.
        using var somebody = ConsoleClient.Open(fixture);
        var signIn = await somebody.GetAsync("/console/sign-in");
        AssertSaysSo(signIn);
        Assert.Contains("SwitchUnread", signIn.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be read", signIn.Body, StringComparison.Ordinal);

        await mySql.StartAgainAsync(ConsumerFixture.Stop);
        var coupon = await fixture.AddCouponAsync(10);
        await fixture.SendAsync(coupon, 3);
        await fixture.RowsAsync(coupon, 3);
        await fixture.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
    }

    private static void AssertSaysSo(ConsoleAnswer answer)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html"), (answer.Status, answer.ContentType));
        Assert.Contains("MySQL does not answer", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
        Assert.NotNull(answer.RetryAfter);
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(ConsumerFixture.Stop);
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, "application/problem+json"),
                (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType)
            );
            Assert.Equal("database-unavailable", problem.GetProperty("code").GetString());
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }
}
