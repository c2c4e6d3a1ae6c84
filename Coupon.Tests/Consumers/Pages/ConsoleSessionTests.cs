using System.Net;
using System.Security.Cryptography;
using System.Text;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>A session is one of all instances, and ends at all of them.</summary>
public sealed class ConsoleSessionTests(TestServers servers)
{
    [Fact]
    public async Task It_goes_on_at_another_instance_and_after_a_restart_and_its_forms_too()
    {
        await using var settings = await ServiceSettings.CreateAsync(servers);
        await using var two = await ConsumerFixture.StartAsync(settings, owns: false);
        ConsoleClient console;
        string token;
        await using (var one = await ConsumerFixture.StartAsync(settings, owns: false))
        {
            console = await ConsoleClient.SignInAsync(one);
            token = await console.TokenAsync("/console");
            Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console", two.OperatorsUrl)).Status);
            Assert.Equal(HttpStatusCode.Redirect, (await console.PostToAsync(two, "/console/resume", token)).Status);
        }

        await using var again = await ConsumerFixture.StartAsync(settings, owns: false);

        using (console)
        {
            Assert.Contains("Olga Operator", (await console.GetAsync("/console", again.OperatorsUrl)).Body, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Redirect, (await console.PostToAsync(again, "/console/resume", token)).Status);
        }
    }

    [Fact]
    public async Task A_cookie_that_was_copied_before_the_sign_out_is_good_for_nothing_afterwards()
    {
        await using var settings = await ServiceSettings.CreateAsync(servers);
        await using var one = await ConsumerFixture.StartAsync(settings, owns: false);
        await using var two = await ConsumerFixture.StartAsync(settings, owns: false);
        using var console = await ConsoleClient.SignInAsync(one);
        using var other = await ConsoleClient.SignInAsync(one);
        using var thief = console.Copy();
        var token = await thief.TokenAsync("/console");

        Assert.Equal(HttpStatusCode.Redirect, (await console.PostToAsync(two, "/console/sign-out", await console.TokenAsync("/console"))).Status);

        await using var later = await ConsumerFixture.StartAsync(settings, owns: false);
        foreach (var instance in (ConsumerFixture[])[one, two, later])
        {
            AssertSentToSignIn(await thief.GetAsync("/console", instance.OperatorsUrl));
            AssertSentToSignIn(await thief.PostToAsync(instance, "/console/pause", token, ("reason", "x")));
            Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/console", instance.OperatorsUrl)).Status);
        }
    }

    [Fact]
    public async Task It_ends_by_itself_unless_it_is_used()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(fixture);
        await using var database = new MySqlConnection(fixture.Settings.MySql);

        await database.ExecuteAsync("UPDATE console_sessions SET ends_at = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR");
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console")).Status);
        Assert.InRange(await LeftAsync(database), 460, 480);
        await database.ExecuteAsync("UPDATE console_sessions SET ends_at = UTC_TIMESTAMP(3) + INTERVAL 5 HOUR");
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/console")).Status);
        Assert.InRange(await LeftAsync(database), 280, 300);

        await database.ExecuteAsync("UPDATE console_sessions SET ends_at = UTC_TIMESTAMP(3)");
        AssertSentToSignIn(await console.GetAsync("/console"));
    }

    [Fact]
    public async Task Whoever_reads_or_writes_the_table_has_no_session()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var console = await ConsoleClient.SignInAsync(fixture);
        await using var database = new MySqlConnection(fixture.Settings.MySql);
        var hash = await database.QuerySingleAsync<byte[]>("SELECT token_hash FROM console_sessions");

        Assert.NotEqual(Encoding.ASCII.GetBytes(console.Session), hash);
        Assert.NotEqual(SHA256.HashData(Encoding.ASCII.GetBytes(console.Session)), hash);
        using var forger = ConsoleClient.Open(fixture);
        forger.Session = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await database.ExecuteAsync(
            "INSERT INTO console_sessions SELECT @hash, actor, created_at, ends_at FROM console_sessions",
            new { hash = SHA256.HashData(Encoding.ASCII.GetBytes(forger.Session)) }
        );
        AssertSentToSignIn(await forger.GetAsync("/console"));
    }

    private static void AssertSentToSignIn(ConsoleAnswer answer) =>
        Assert.Equal((HttpStatusCode.Redirect, true), (answer.Status, answer.Location?.StartsWith("/console/sign-in", StringComparison.Ordinal)));

    // In minutes.
    private static Task<long> LeftAsync(MySqlConnection database) =>
        database.QuerySingleAsync<long>("SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(3), ends_at) FROM console_sessions");
}
