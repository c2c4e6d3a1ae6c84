using System.Text;
using Coupon.Consumers.DeadLetters;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Hosting.Configuration;
using Coupon.Stock.Tail;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.DeadLetters;

public sealed class DeadLetterReplayTests(TestServers servers)
{
    [Fact]
    public async Task A_replay_is_the_message_that_was_with_three_headers_more()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var letter = fixture.Letter(5);
        await fixture.Ledger.RecordAsync([letter], LedgerFixture.Stop);

        var result = await ReplayAsync(fixture);

        Assert.Equal((1, 1, 0), (result.Matched, result.Done, result.Skipped));
        var sent = Assert.Single(fixture.MainTopic()).Message;
        Assert.Equal(letter.Key, sent.Key);
        Assert.Equal(letter.Value, sent.Value);
        Assert.Equal(
            ["text", "binary", "text", DeadLetterHeaders.LedgerId, DeadLetterHeaders.LedgerOrigin, DeadLetterHeaders.ReplayCount],
            sent.Headers.Select(header => header.Key)
        );
        Assert.Equal([0, 159, 146, 150], sent.Headers[1].GetValueBytes());
        Assert.Equal("1", Encoding.UTF8.GetString(sent.Headers[5].GetValueBytes()));
        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Replayed, 1), (row.State, row.ReplayCount));
        Assert.Equal("an operator", audit[^1].Actor);
    }

    [Fact]
    public async Task Replayed_again_and_by_many_at_once_each_is_sent_once()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync(
            [.. Enumerable.Range(0, 120).Select(offset => fixture.Letter(offset, ordinal: offset + 1, user: offset + 1))],
            LedgerFixture.Stop
        );

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReplayAsync(fixture)));
        var after = await ReplayAsync(fixture);

        Assert.Equal(120, results.Sum(result => result.Done));
        Assert.Equal(0, after.Matched);
        Assert.Equal(120, fixture.MainTopic().Select(record => Encoding.UTF8.GetString(record.Message.Value!)).Distinct().Count());
        Assert.Equal(120, fixture.MainTopic().Count);
    }

    [Fact]
    public async Task Interrupted_it_says_how_far_it_has_come()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync(
            [.. Enumerable.Range(1, 3).Select(number => fixture.Letter(number, ordinal: number, user: number))],
            LedgerFixture.Stop
        );
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(LedgerFixture.Stop);

        var result = await fixture
            .Get<DeadLetterReplay>()
            .ReplayAsync(
                new ReplayRequest
                {
                    Filter = new(),
                    Actor = "an operator",
                    Rate = 1,
                },
                new Told(interrupt.Cancel),
                interrupt.Token
            );

        Assert.Equal((3, 1, 0, 0), (result.Matched, result.Done, result.Skipped, result.Failures.Count));
        Assert.Single(fixture.MainTopic());
    }

    [Fact]
    public async Task A_replay_whose_commit_was_never_answered_is_in_the_audit_once()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        fixture.Answers.LoseNext(1);

        Assert.Equal(1, (await ReplayAsync(fixture)).Done);

        Assert.Equal(1, fixture.Answers.Lost);
        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Replayed, 1), (row.State, row.ReplayCount));
        Assert.Equal([DeadLetterAction.Recorded, DeadLetterAction.Replayed], audit.Select(entry => entry.Action));
        Assert.Single(fixture.MainTopic());
    }

    [Fact]
    public async Task What_is_replayed_and_discarded_at_once_is_one_of_the_two()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync(
            [.. Enumerable.Range(0, 60).Select(offset => fixture.Letter(offset, ordinal: offset + 1, user: offset + 1))],
            LedgerFixture.Stop
        );

        var replays = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ReplayAsync(fixture)));
        var discards = Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ =>
                    fixture
                        .Get<DeadLetterDiscard>()
                        .DiscardAsync(
                            new DiscardRequest
                            {
                                Filter = new(),
                                Actor = "another",
                                Reason = "enough",
                            },
                            null,
                            LedgerFixture.Stop
                        )
                )
        );
        var (replayed, discarded) = ((await replays).Sum(result => result.Done), (await discards).Sum(result => result.Done));

        Assert.Equal(60, replayed + discarded);
        Assert.Equal(replayed, fixture.MainTopic().Count);
        await using var context = fixture.Open();
        Assert.Equal(replayed, context.DeadLetters.Count(row => row.State == DeadLetterState.Replayed));
        Assert.Equal(replayed, context.DeadLetterAudit.Count(entry => entry.Action == DeadLetterAction.Replayed));
        Assert.Equal(discarded, context.DeadLetterAudit.Count(entry => entry.Action == DeadLetterAction.Discarded));
    }

    [Fact]
    public async Task What_nobody_finished_replaying_can_be_replayed_when_its_lease_is_over()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        await SetLeaseAsync(fixture, DateTime.MaxValue.AddYears(-1));
        Assert.Equal((1, 0, 1), (await ReplayAsync(fixture)) is var held ? (held.Matched, held.Done, held.Skipped) : default);

        await SetLeaseAsync(fixture, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(1, (await ReplayAsync(fixture)).Done);
    }

    [Fact]
    public async Task An_edit_sends_the_changed_message_and_keeps_the_original_in_the_audit()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var letter = fixture.Letter(5, user: 41);
        await fixture.Ledger.RecordAsync([letter], LedgerFixture.Stop);

        await ReplayAsync(fixture, edit: MessageEdit.Parse(["user-id=42"]));

        var sent = Assert.Single(fixture.MainTopic()).Message.Value!;
        Assert.Equal(42, CouponIssuedReader.TryRead(sent)!.UserId);
        Assert.Contains("\"later\":\"kept\"", Encoding.UTF8.GetString(sent), StringComparison.Ordinal);
        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal(letter.Value, row.Value);
        Assert.Equal((DeadLetterAction.Edited, "user-id: 41 → 42"), (audit[^1].Action, audit[^1].Detail));
        Assert.Equal(letter.Value, audit[^1].ValueBefore);
        Assert.Equal(sent, audit[^1].ValueAfter);
    }

    [Theory]
    [InlineData("2026-05-01T14:30")]
    [InlineData("2026-05-01 14:30")]
    [InlineData("2026-05-01T16:30+02:00")]
    [InlineData("1 May 2026 14:30")]
    public async Task A_time_is_sent_as_the_service_writes_it_however_it_was_typed(string typed)
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);

        var result = await ReplayAsync(fixture, edit: MessageEdit.Parse([$"issued-at={typed}"]));

        Assert.Empty(result.Failures);
        Assert.Contains(
            "\"issuedAt\":\"2026-05-01T14:30:00+00:00\"",
            Encoding.UTF8.GetString(Assert.Single(fixture.MainTopic()).Message.Value!),
            StringComparison.Ordinal
        );
        Assert.EndsWith("→ 2026-05-01T14:30:00+00:00", (await fixture.OnlyOneAsync()).Audit[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_with_a_member_twice_is_no_message_and_an_edit_writes_it_afresh()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5) with { Value = """{"userId":1,"userId":2}"""u8.ToArray() }], LedgerFixture.Stop);

        var partly = await ReplayAsync(fixture, edit: MessageEdit.Parse(["user-id=42"]));
        var whole = await ReplayAsync(fixture, edit: MessageEdit.Parse(["coupon-id=1", "ordinal=3", "user-id=42", "issued-at=2026-05-01T14:30"]));

        Assert.Contains("not complete", Assert.Single(partly.Failures).Reason, StringComparison.Ordinal);
        Assert.Equal(1, whole.Done);
        Assert.Equal(42, CouponIssuedReader.TryRead(Assert.Single(fixture.MainTopic()).Message.Value!)!.UserId);
    }

    [Fact]
    public async Task An_edit_of_more_than_the_audit_holds_in_words_is_cut_there_and_whole_beside_it()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var letter = fixture.Letter(5) with
        {
            Value = Encoding.UTF8.GetBytes(
                $$"""{"couponId":1,"ordinal":1,"userId":"{{new string('x', 3000)}}","issuedAt":"2026-05-01T12:00:00+00:00"}"""
            ),
        };
        await fixture.Ledger.RecordAsync([letter], LedgerFixture.Stop);

        Assert.Equal(1, (await ReplayAsync(fixture, edit: MessageEdit.Parse(["user-id=42"]))).Done);

        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Replayed, DeadLetterAction.Edited, 2000), (row.State, audit[^1].Action, audit[^1].Detail!.Length));
        Assert.Equal(letter.Value, audit[^1].ValueBefore);
        Assert.Equal(Assert.Single(fixture.MainTopic()).Message.Value, audit[^1].ValueAfter);
    }

    [Fact]
    public async Task An_edit_that_leaves_the_message_incomplete_sends_nothing_and_says_so()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5) with { Value = "nonsense"u8.ToArray() }], LedgerFixture.Stop);

        var result = await ReplayAsync(fixture, edit: MessageEdit.Parse(["user-id=42"]));

        Assert.Contains("not complete", Assert.Single(result.Failures).Reason, StringComparison.Ordinal);
        Assert.Empty(fixture.MainTopic());
        Assert.Equal(DeadLetterState.Open, (await fixture.OnlyOneAsync()).Letter.State);
        Assert.Equal(1, (await ReplayAsync(fixture)).Done);
    }

    [Theory]
    [InlineData("user-id")]
    [InlineData("colour=red")]
    [InlineData("user-id=-1")]
    [InlineData("ordinal=one")]
    [InlineData("issued-at=yesterday")]
    public void An_edit_that_makes_no_sense_is_refused(string text) => Assert.Throws<FormatException>(() => MessageEdit.Parse([text]));

    [Fact]
    public async Task A_limit_and_a_rate_hold()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync(
            [.. Enumerable.Range(1, 6).Select(number => fixture.Letter(number, ordinal: number, user: number))],
            LedgerFixture.Stop
        );
        var time = new VirtualTime();
        var replay = new DeadLetterReplay(
            fixture.Get<IDbContextFactory<CouponDbContext>>(),
            fixture.Get<RawProducer>(),
            fixture.Get<TopicNames>(),
            time
        );

        var result = await replay.ReplayAsync(
            new ReplayRequest
            {
                Filter = new(),
                Actor = "op",
                Limit = 4,
                Rate = 0.5,
            },
            null,
            LedgerFixture.Stop
        );

        Assert.Equal((4, 4), (result.Matched, result.Done));
        Assert.Equal(4, fixture.MainTopic().Count);

        // The first message is sent at once, each of the others two seconds after the one before.
        Assert.Equal(TimeSpan.FromSeconds(6), time.Passed);
    }

    private static Task<OperationResult> ReplayAsync(LedgerFixture fixture, MessageEdit? edit = null) =>
        fixture
            .Get<DeadLetterReplay>()
            .ReplayAsync(
                new ReplayRequest
                {
                    Filter = new(),
                    Actor = "an operator",
                    Edit = edit,
                },
                null,
                LedgerFixture.Stop
            );

    private static async Task SetLeaseAsync(LedgerFixture fixture, DateTime until)
    {
        await using var context = fixture.Open();
        await context.DeadLetters.ExecuteUpdateAsync(
            row => row.SetProperty(changed => changed.LeasedBy, "somebody").SetProperty(changed => changed.LeasedUntil, until),
            LedgerFixture.Stop
        );
    }

    private sealed class Told(Action action) : IProgress<int>
    {
        public void Report(int value) => action();
    }
}
