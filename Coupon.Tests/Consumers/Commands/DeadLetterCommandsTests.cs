using System.Text.Json.Nodes;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Commands;

/// <summary>The commands as an operator's script runs them.</summary>
public sealed class DeadLetterCommandsTests(TestServers servers)
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Usage = 2;
    private const int NothingMatched = 3;
    private const int Partly = 4;

    [Fact]
    public async Task A_script_lists_shows_replays_and_discards()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(1, user: 11), fixture.Letter(2, user: 12), fixture.Letter(3, user: 13, cause: "other")],
            LedgerFixture.Stop
        );

        var list = await RunAsync(fixture, "list", "--cause", "unknown-coupon", "--output", "json");
        Assert.Equal(Done, list.ExitCode);
        Assert.Equal([11, 12], JsonNode.Parse(list.Output)!.AsArray().Select(letter => (int)letter!["userId"]!));
        Assert.Equal("", list.Words);
        var id = JsonNode.Parse(list.Output)![0]!["id"]!.ToString();

        var table = await RunAsync(fixture, "groups");
        Assert.Contains("unknown-coupon", table.Output, StringComparison.Ordinal);
        Assert.Contains("Some reason", (await RunAsync(fixture, "show", id)).Output, StringComparison.Ordinal);

        var dry = await RunAsync(fixture, "replay", "--dry-run", "-o", "json");
        Assert.Equal((Done, 3), (dry.ExitCode, (int)JsonNode.Parse(dry.Output)!["matched"]!));
        Assert.Empty(fixture.MainTopic());

        var edited = await RunAsync(fixture, "replay", "--id", id, "--set", "user-id=99", "--yes", "--by", "olga");
        Assert.Equal(Done, edited.ExitCode);
        Assert.Contains("1 of 1 replayed", edited.Words, StringComparison.Ordinal);
        Assert.Equal(Done, (await RunAsync(fixture, "replay", "--cause", "unknown-coupon", "--rate", "50", "--yes")).ExitCode);
        Assert.Equal(NothingMatched, (await RunAsync(fixture, "replay", "--cause", "unknown-coupon", "--yes")).ExitCode);
        Assert.Equal(2, fixture.MainTopic().Count);

        Assert.Equal(Done, (await RunAsync(fixture, "discard", "--user", "13", "--reason", "not ours", "--yes")).ExitCode);
        await using var context = fixture.Open();
        Assert.Equal(
            [DeadLetterState.Discarded, DeadLetterState.Replayed, DeadLetterState.Replayed],
            context
                .DeadLetters.Select(letter => letter.State)
                .ToList()
                .Order(Comparer<DeadLetterState>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString())))
        );
        Assert.Contains(context.DeadLetterAudit, entry => entry.Actor == "olga" && entry.Action == DeadLetterAction.Edited);
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_asked_and_nothing_is_done()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(1)], LedgerFixture.Stop);

        var run = await RunAsync(fixture, "replay");

        Assert.Equal(Usage, run.ExitCode);
        Assert.Contains("--yes", run.Words, StringComparison.Ordinal);
        Assert.Empty(fixture.MainTopic());
    }

    [Theory]
    [InlineData("n", Failed, 0)]
    [InlineData("y", Done, 1)]
    public async Task On_a_terminal_it_asks_and_does_what_is_answered(string answer, int code, int sent)
    {
        Assert.SkipUnless(File.Exists(CommandLineRun.Script), "There is no script(1) here, which lends a terminal.");
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(1)], LedgerFixture.Stop);

        var run = await CommandLineRun.OnTerminalAsync(fixture.Settings.Environment, answer + "\n", "dead-letters", "replay");

        Assert.Contains("Replay 1 dead letter? [y/N]", run.Output, StringComparison.Ordinal);
        Assert.Equal((code, sent), (run.ExitCode, fixture.MainTopic().Count));
    }

    [Fact]
    public async Task Every_filter_of_the_command_line_restricts_and_a_dry_run_changes_nothing()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var late = new DateTimeOffset(2026, 5, 2, 0, 0, 0, TimeSpan.Zero);
        await fixture.Ledger.RecordAsync(
            [
                fixture.Letter(1, coupon: 1, user: 11),
                fixture.Letter(2, coupon: 2, user: 12, cause: RejectionCauses.OverIssued) with
                {
                    Partition = 3,
                    LastFailedAt = late,
                },
                fixture.Letter(3, coupon: 1, user: 13),
            ],
            LedgerFixture.Stop
        );
        await fixture
            .Get<DeadLetterDiscard>()
            .DiscardAsync(
                new DiscardRequest
                {
                    Filter = new() { UserId = 13 },
                    Actor = "op",
                    Reason = "x",
                },
                null,
                LedgerFixture.Stop
            );
        var topic = fixture.Settings.CouponIssuedTopic;

        foreach (
            var (filter, users) in new (string[], long[])[]
            {
                (["--coupon", "1"], [11, 13]),
                (["--user", "12"], [12]),
                (["--state", "Discarded"], [13]),
                (["--cause", "over-issued"], [12]),
                (["--cause", "Over-Issued"], [12]),
                (["--since", "2026-05-01T13:00Z"], [12]),
                (["--until", "2026-05-01T13:00Z"], [11, 13]),
                (["--origin", $"{topic}/3"], [12]),
                (["--origin", $"{topic}/0@1"], [11]),
                (["--limit", "1"], [11]),
            }
        )
        {
            var list = await RunAsync(fixture, ["list", "--output", "json", .. filter]);
            Assert.Equal((string.Join(' ', filter), Done, ""), (string.Join(' ', filter), list.ExitCode, list.Words));
            Assert.Equal(users, JsonNode.Parse(list.Output)!.AsArray().Select(letter => (long)letter!["userId"]!));
        }

        var dry = await RunAsync(fixture, "discard", "--dry-run", "--reason", "x", "--limit", "1", "--output", "json");
        Assert.Equal((Done, 1), (dry.ExitCode, (int)JsonNode.Parse(dry.Output)!["matched"]!));
        Assert.Contains("Nothing was changed", dry.Words, StringComparison.Ordinal);
        Assert.Equal(
            2,
            (await fixture.Get<DeadLetterQueries>().SelectAsync(new() { States = [DeadLetterState.Open] }, int.MaxValue, LedgerFixture.Stop)).Count
        );
    }

    [Fact]
    public async Task Help_lists_the_states_and_causes_that_a_filter_accepts()
    {
        var help = await CommandLineRun.OfAsync("Coupon.Consumers", "dead-letters", "list", "--help");

        Assert.Contains("open, replayed, resolved, discarded", help.Output, StringComparison.Ordinal);
        Assert.All(RejectionCauses.All, cause => Assert.Contains(cause, help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_has_texts_as_they_are_and_no_command_to_a_terminal()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(1) with { ExceptionMessage = "Zoë's <b> \u001b[31m \u009b31m" }], LedgerFixture.Stop);

        var list = await RunAsync(fixture, "list", "--output", "json");

        Assert.Contains("Zoë's <b>", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(list.Output, sign => char.IsControl(sign) && sign != '\n');
        Assert.Equal("Zoë's <b> \u001b[31m \u009b31m", (string)JsonNode.Parse(list.Output)![0]!["reason"]!);
    }

    [Theory]
    [InlineData(1, "1 dead letter would be replayed")]
    [InlineData(2, "2 dead letters would be replayed")]
    public async Task One_dead_letter_is_not_several(int count, string words)
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([.. Enumerable.Range(1, count).Select(offset => fixture.Letter(offset))], LedgerFixture.Stop);

        Assert.Contains(words, (await RunAsync(fixture, "replay", "--dry-run")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Some_done_and_some_not_has_an_exit_code_of_its_own()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(1), fixture.Letter(2) with { Value = [1, 2, 3] }], LedgerFixture.Stop);

        var partly = await RunAsync(fixture, "replay", "--set", "user-id=5", "--yes", "--output", "json");

        Assert.Equal(Partly, partly.ExitCode);
        Assert.Equal(1, (int)JsonNode.Parse(partly.Output)!["done"]!);
        Assert.Equal(Failed, (await RunAsync(fixture, "replay", "--set", "user-id=5", "--yes")).ExitCode);
    }

    [Theory]
    [InlineData("replay", "--rate", "0")]
    [InlineData("replay", "--limit", "-1")]
    [InlineData("list", "--limit", "-1")]
    [InlineData("list", "--limit", "0")]
    [InlineData("replay", "--set", "colour=red", "--yes")]
    [InlineData("list", "--state", "lost")]
    [InlineData("list", "--cause", "lost")]
    [InlineData("list", "--since", "yesterday")]
    [InlineData("list", "--origin", "topic/x@y")]
    [InlineData("discard", "--yes")]
    [InlineData("show")]
    [InlineData("burn")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2(params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__MySql"] = "Server=127.0.0.1;Port=1",
            ["ConnectionStrings__Kafka"] = "127.0.0.1:1",
            ["ConnectionStrings__Redis"] = "127.0.0.1:1",
        };

        var run = await CommandLineRun.RunAsync(environment, ["dead-letters", .. arguments]);

        Assert.Equal(Usage, run.ExitCode);
        Assert.NotEqual("", run.Words);
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_in_words_and_ends_with_1()
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__MySql"] = "Server=127.0.0.1;Port=1;User=x;Password=a-secret;Database=y",
            ["ConnectionStrings__Kafka"] = "127.0.0.1:1",
        };

        var run = await CommandLineRun.RunAsync(environment, "dead-letters", "list");

        Assert.Equal(Failed, run.ExitCode);
        Assert.Contains("MySQL does not answer", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_is_away_is_said_in_words_and_nothing_is_discarded()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(10);
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(1, coupon.Id, ordinal: 1, user: 1001), fixture.Letter(2, coupon.Id, ordinal: 2, user: 1002)],
            LedgerFixture.Stop
        );
        var environment = new Dictionary<string, string>(fixture.Settings.Environment) { ["ConnectionStrings__Redis"] = "127.0.0.1:1" };

        var run = await CommandLineRun.RunAsync(environment, "dead-letters", "discard", "--reason", "x", "--yes");

        Assert.Equal((Failed, ""), (run.ExitCode, run.Output));
        Assert.Contains("Redis does not answer", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Words, StringComparison.Ordinal);
        Assert.Equal(
            2,
            (await fixture.Get<DeadLetterQueries>().SelectAsync(new() { States = [DeadLetterState.Open] }, int.MaxValue, LedgerFixture.Stop)).Count
        );
    }

    [Fact]
    public async Task A_name_that_the_audit_cannot_hold_is_refused_before_anything_is_sent()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(1)], LedgerFixture.Stop);

        var run = await RunAsync(fixture, "replay", "--yes", "--by", new string('x', 101));

        Assert.Equal(Usage, run.ExitCode);
        Assert.Contains("--by must have at most 100 characters", run.Words, StringComparison.Ordinal);
        Assert.Empty(fixture.MainTopic());
    }

    [Fact]
    public async Task A_reason_that_says_nothing_or_does_not_fit_is_refused_before_anything_is_discarded()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(1)], LedgerFixture.Stop);

        foreach (var reason in new[] { " ", new string('x', 1001) })
        {
            var run = await RunAsync(fixture, "discard", "--yes", "--reason", reason);

            Assert.Equal(Usage, run.ExitCode);
            Assert.Contains("--reason must have 1 to 1,000 characters", run.Words, StringComparison.Ordinal);
        }

        Assert.Equal(
            1,
            (await fixture.Get<DeadLetterQueries>().SelectAsync(new() { States = [DeadLetterState.Open] }, int.MaxValue, LedgerFixture.Stop)).Count
        );
    }

    private static Task<CommandLineRun> RunAsync(LedgerFixture fixture, params string[] arguments) =>
        CommandLineRun.RunAsync(fixture.Settings.Environment, ["dead-letters", .. arguments]);
}
