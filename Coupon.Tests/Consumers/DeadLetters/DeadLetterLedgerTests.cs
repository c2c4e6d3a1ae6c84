using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Records;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Consumers.DeadLetters;

public sealed class DeadLetterLedgerTests(TestServers servers)
{
    [Fact]
    public async Task A_dead_letter_is_kept_byte_for_byte_with_all_it_says()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var letter = fixture.Letter(5, coupon: 7, ordinal: 8, user: 9);

        Assert.Equal(1, await fixture.Ledger.RecordAsync([letter], TestContext.Current.CancellationToken));

        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal((letter.Topic, 0, 5L), (row.Topic, row.Partition, row.Offset));
        Assert.Equal((7L, 8L, 9L), (row.CouponId, row.Ordinal, row.UserId));
        Assert.Equal(letter.Key, row.Key);
        Assert.Equal(letter.Value, row.Value);
        Assert.Equal(
            letter.Headers.Select(header => (header.Name, Convert.ToHexString(header.Value!))),
            HeaderJson.Read(row.Headers).Select(header => (header.Name, Convert.ToHexString(header.Value!)))
        );
        Assert.Equal((DeadLetterState.Open, letter.Cause, 3, 0), (row.State, row.Cause, row.Attempts, row.ReplayCount));
        Assert.Equal((letter.FirstFailedAt.UtcDateTime, letter.LastFailedAt.UtcDateTime), (row.FirstFailedAt, row.LastFailedAt));
        Assert.Equal(DeadLetterAction.Recorded, Assert.Single(audit).Action);
    }

    [Fact]
    public async Task Delivered_again_it_changes_nothing()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var letter = fixture.Letter(5);
        await fixture.Ledger.RecordAsync([letter, letter], TestContext.Current.CancellationToken);

        var changed = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => fixture.Ledger.RecordAsync([letter, fixture.Letter(6)], LedgerFixture.Stop))
        );

        Assert.Equal(1, changed.Sum());
        var rows = await fixture.Get<DeadLetterQueries>().ListAsync(new DeadLetterFilter(), 0, 100, LedgerFixture.Stop);
        Assert.Equal([5L, 6L], rows.Select(row => row.Offset));
        Assert.Single((await fixture.Get<DeadLetterQueries>().FindAsync(rows[0].Id, LedgerFixture.Stop))!.Audit);
    }

    [Fact]
    public async Task Another_message_from_the_place_of_an_old_one_is_recorded_under_its_own_place_and_once()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var sent = new DateTimeOffset(2026, 5, 1, 11, 59, 59, 123, TimeSpan.Zero);
        var old = fixture.Letter(5, user: 11) with { Timestamp = sent };
        var (other, tombstone, resent) = (
            fixture.Letter(5, user: 12) with
            {
                Timestamp = sent,
            },
            old with
            {
                Value = null,
            },
            old with
            {
                Timestamp = sent.AddDays(1),
            }
        );
        await fixture.Ledger.RecordAsync([AsRead(fixture, old, 0)], LedgerFixture.Stop);

        // The topic was deleted and created again, so its offsets started at 0 again.
        Assert.Equal(2, await fixture.Ledger.RecordAsync([AsRead(fixture, other, 1), AsRead(fixture, tombstone, 2)], LedgerFixture.Stop));
        Assert.Equal(
            1,
            await fixture.Ledger.RecordAsync(
                [AsRead(fixture, old, 0), AsRead(fixture, other, 1), AsRead(fixture, tombstone, 2), AsRead(fixture, resent, 3)],
                LedgerFixture.Stop
            )
        );
        Assert.Equal(0, await fixture.Ledger.RecordAsync([AsRead(fixture, old, 4), AsRead(fixture, resent, 3)], LedgerFixture.Stop));

        var (main, deadLetters) = (fixture.Settings.CouponIssuedTopic, fixture.Settings.DeadLettersTopic);
        var rows = await fixture.Get<DeadLetterQueries>().ListAsync(new DeadLetterFilter(), 0, 100, LedgerFixture.Stop);
        Assert.Equal(
            [(main, 5L, 11L), (deadLetters, 1L, 12L), (deadLetters, 2L, null), (deadLetters, 3L, 11L)],
            rows.Select(row => (row.Topic, row.Offset, row.UserId))
        );
        Assert.Equal(RejectionCauses.UnknownCoupon, rows[1].Cause);
    }

    [Fact]
    public async Task Another_message_from_the_place_of_an_old_one_that_has_no_place_of_its_own_is_held_and_not_dropped()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5, user: 11)], LedgerFixture.Stop);

        // A message that the dead-letter topic refuses goes into the ledger without a place in that topic.
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            fixture.Ledger.RecordAsync([fixture.Letter(6), fixture.Letter(5, user: 12)], LedgerFixture.Stop)
        );

        Assert.Contains($"{fixture.Settings.CouponIssuedTopic}/0@5", refused.Message, StringComparison.Ordinal);
        Assert.Equal(11, (await fixture.OnlyOneAsync()).Letter.UserId);
        Assert.Equal(0, await fixture.Ledger.RecordAsync([fixture.Letter(5, user: 11)], LedgerFixture.Stop));
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_kept_too()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        byte[] garbage = [0xff, 0xfe, 0x00, 0x7b];

        await fixture.Ledger.RecordAsync(
            [fixture.Letter(5) with { Value = garbage, Key = null, Cause = RejectionCauses.Undecodable }],
            LedgerFixture.Stop
        );

        var (row, _) = await fixture.OnlyOneAsync();
        Assert.Equal(garbage, row.Value);
        Assert.Null(row.Key);
        Assert.Null(row.CouponId);
    }

    [Fact]
    public async Task Longer_texts_than_the_columns_hold_are_cut_and_not_refused()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var endless = new string('x', 10_000);

        await fixture.Ledger.RecordAsync(
            [
                fixture.Letter(5) with
                {
                    Cause = endless,
                    ExceptionType = endless,
                    ExceptionMessage = endless,
                    TraceId = endless,
                    ConsumerGroup = endless,
                },
            ],
            LedgerFixture.Stop
        );

        Assert.Equal(64, (await fixture.OnlyOneAsync()).Letter.Cause.Length);
    }

    [Fact]
    public async Task A_replay_that_fails_opens_its_entry_again_once()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        var id = (await fixture.OnlyOneAsync()).Letter.Id;
        await fixture.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerFixture.Stop);
        var again = fixture.Letter(77, cause: RejectionCauses.OverIssued) with { LedgerId = id, LedgerOrigin = fixture.OriginOf(5), ReplayCount = 1 };

        Assert.Equal(1, await fixture.Ledger.RecordAsync([again], LedgerFixture.Stop));
        Assert.Equal(0, await fixture.Ledger.RecordAsync([again], LedgerFixture.Stop));

        var (row, audit) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Open, RejectionCauses.OverIssued, 6, 1, 5L), (row.State, row.Cause, row.Attempts, row.ReplayCount, row.Offset));
        Assert.Equal([DeadLetterAction.Recorded, DeadLetterAction.Replayed, DeadLetterAction.Reopened], audit.Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_failure_that_overtakes_the_mark_of_its_replay_leaves_the_entry_open()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        var id = (await fixture.OnlyOneAsync()).Letter.Id;

        // Sent as replay 1; the process died before it could mark the entry.
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(77) with { LedgerId = id, LedgerOrigin = fixture.OriginOf(5), ReplayCount = 1 }],
            LedgerFixture.Stop
        );

        var (row, _) = await fixture.OnlyOneAsync();
        Assert.Equal((DeadLetterState.Open, 1), (row.State, row.ReplayCount));
    }

    [Theory]
    [InlineData("another coupon")]
    [InlineData("another ordinal")]
    [InlineData("another user")]
    [InlineData("another origin")]
    [InlineData("no origin")]
    public async Task A_message_that_says_it_is_the_replay_of_another_ones_entry_gets_an_entry_of_its_own(string what)
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        var id = (await fixture.OnlyOneAsync()).Letter.Id;
        await fixture.Get<DeadLetterReplay>().ReplayAsync(new ReplayRequest { Filter = new(), Actor = "op" }, null, LedgerFixture.Stop);
        var forged = fixture.Letter(
            77,
            what == "another coupon" ? 2 : 1,
            what == "another ordinal" ? 2 : 1,
            what == "another user" ? 2 : 1,
            "forged"
        ) with
        {
            LedgerId = id,
            ReplayCount = int.MaxValue,
            LedgerOrigin = what == "no origin" ? null : fixture.OriginOf(what == "another origin" ? 6 : 5),
        };

        Assert.Equal(1, await fixture.Ledger.RecordAsync([forged], LedgerFixture.Stop));

        await using var context = fixture.Open();
        var rows = await context.DeadLetters.OrderBy(row => row.Id).ToListAsync(LedgerFixture.Stop);
        Assert.Equal(
            [(5L, DeadLetterState.Replayed, 1), (77L, DeadLetterState.Open, 0)],
            rows.Select(row => (row.Offset, row.State, row.ReplayCount))
        );
    }

    [Fact]
    public async Task A_replay_says_no_more_of_how_often_it_was_replayed_than_can_be()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(5)], LedgerFixture.Stop);
        var id = (await fixture.OnlyOneAsync()).Letter.Id;

        await fixture.Ledger.RecordAsync(
            [fixture.Letter(77) with { LedgerId = id, LedgerOrigin = fixture.OriginOf(5), ReplayCount = int.MaxValue }],
            LedgerFixture.Stop
        );

        Assert.Equal(1, (await fixture.OnlyOneAsync()).Letter.ReplayCount);
    }

    [Theory]
    [InlineData(DeadLetterHeaders.OriginalPartition, "5000000000")]
    [InlineData(DeadLetterHeaders.OriginalTopic, "")]
    [InlineData(DeadLetterHeaders.OriginalTopic, "endless")]
    [InlineData(DeadLetterHeaders.Attempts, "9223372036854775807")]
    [InlineData(DeadLetterHeaders.ReplayCount, "9223372036854775807")]
    [InlineData(DeadLetterHeaders.LastFailedAt, "9999-12-31T23:59:59.9999999Z")]
    [InlineData(DeadLetterHeaders.FirstFailedAt, "0001-01-01T00:00:00Z")]
    [InlineData(DeadLetterHeaders.OriginalTimestamp, "9999-12-31T23:59:59.9999999Z")]
    public async Task Headers_that_cannot_be_true_neither_stop_the_ledger_nor_are_believed(string name, string value)
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        var headers = RawHeaders
            .Copy(DeadLetterHeadersCodec.Write(fixture.Letter(5)))
            .Where(header => header.Name != name)
            .Append(new MessageHeader(name, System.Text.Encoding.UTF8.GetBytes(value == "endless" ? new string('t', 300) : value)));
        var forged = new ConsumedRecord(fixture.Settings.DeadLettersTopic, 0, 9, null, null, fixture.Letter(5).Value, [.. headers]);

        // Delivered twice: delivery is at least once.
        Assert.Equal(1, await fixture.Ledger.RecordAsync([DeadLetterHeadersCodec.Read(forged)], LedgerFixture.Stop));
        Assert.Equal(0, await fixture.Ledger.RecordAsync([DeadLetterHeadersCodec.Read(forged)], LedgerFixture.Stop));

        var (row, _) = await fixture.OnlyOneAsync();
        Assert.Equal(0, row.ReplayCount);
        Assert.InRange(row.LastFailedAt.Year, 1970, 9998);
        Assert.InRange(row.Attempts, 0, 1_000_000);
    }

    [Fact]
    public async Task Groups_count_by_cause_with_the_first_and_last_time_seen()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync(
            [
                fixture.Letter(1),
                fixture.Letter(2) with
                {
                    LastFailedAt = new DateTimeOffset(2026, 5, 2, 0, 0, 0, TimeSpan.Zero),
                },
                fixture.Letter(3, cause: "other"),
            ],
            LedgerFixture.Stop
        );

        var groups = await fixture.Get<DeadLetterQueries>().GroupsAsync(new DeadLetterFilter(), LedgerFixture.Stop);

        Assert.Equal([(RejectionCauses.UnknownCoupon, 2), ("other", 1)], groups.Select(group => (group.Cause, group.Count)));
        Assert.Equal(new DateTime(2026, 5, 2, 0, 0, 0, DateTimeKind.Utc), groups[0].LastSeen);
        Assert.Equal(new DateTime(2026, 5, 1, 12, 0, 1, DateTimeKind.Utc), groups[0].FirstSeen);
    }

    [Fact]
    public async Task Every_filter_restricts()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync(
            [fixture.Letter(1, coupon: 1, user: 1), fixture.Letter(2, coupon: 2, user: 2, cause: "other") with { Partition = 3 }],
            LedgerFixture.Stop
        );
        var later = new DateTimeOffset(2026, 5, 1, 12, 0, 3, TimeSpan.Zero);

        Assert.Equal(1, await CountAsync(new() { Cause = "other" }));
        Assert.Equal(1, await CountAsync(new() { CouponId = 2 }));
        Assert.Equal(1, await CountAsync(new() { UserId = 1 }));
        Assert.Equal(
            1,
            await CountAsync(
                new()
                {
                    Topic = fixture.Settings.CouponIssuedTopic,
                    Partition = 3,
                    Offset = 2,
                }
            )
        );
        Assert.Equal(0, await CountAsync(new() { Since = later }));
        Assert.Equal(2, await CountAsync(new() { Until = later }));
        Assert.Equal(0, await CountAsync(new() { States = [DeadLetterState.Resolved] }));
        Assert.Equal(2, await CountAsync(new()));

        async Task<int> CountAsync(DeadLetterFilter filter) =>
            (await fixture.Get<DeadLetterQueries>().SelectAsync(filter, int.MaxValue, LedgerFixture.Stop)).Count;
    }

    /// <summary>A dead letter as it is read from this offset of the dead-letter topic.</summary>
    private static DeadLetter AsRead(LedgerFixture fixture, DeadLetter letter, long offset) =>
        DeadLetterHeadersCodec.Read(
            new ConsumedRecord(
                fixture.Settings.DeadLettersTopic,
                0,
                offset,
                null,
                letter.Key,
                letter.Value,
                RawHeaders.Copy(DeadLetterHeadersCodec.Write(letter))
            )
        );
}
