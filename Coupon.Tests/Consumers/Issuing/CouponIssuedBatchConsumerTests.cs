using System.Text;
using Confluent.Kafka;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Issuing;

public sealed class CouponIssuedBatchConsumerTests(TestServers servers)
{
    [Fact]
    public async Task What_is_in_the_topic_becomes_rows_in_few_transactions()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await fixture.AddCouponAsync(5000);

        await fixture.SendAsync(coupon, 5000);

        await fixture.RowsAsync(coupon, 5000);
        Assert.Equal(Enumerable.Range(1, 5000).Select(ordinal => (long)ordinal), await fixture.OrdinalsAsync(coupon));
        Assert.Empty(await fixture.LedgerAsync());
    }

    [Fact]
    public async Task Poison_is_dead_lettered_as_it_came_with_why_and_its_neighbours_are_written()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await fixture.AddCouponAsync(1000);
        byte[] garbage = [0xff, 0x00, 0x7b, 0x22];

        await fixture.SendAsync(coupon, 50);
        await fixture.SendAsync(
            [
                garbage,
                "{}"u8.ToArray(),
                ConsumerFixture.Message(coupon, 51, 0),
                ConsumerFixture.Message(424_242, 1, 1),
                ConsumerFixture.Message(coupon, 1, 7),
            ],
            new Headers
            {
                { "plain", "text"u8.ToArray() },
                { "bytes", [0, 159, 146, 150] },
                { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"u8.ToArray() },
            }
        );
        await fixture.SendAsync(coupon, 50, first: 52);

        await fixture.RowsAsync(coupon, 100);
        var letters = await fixture.DeadLettersAsync(5);
        Assert.Equal(
            [
                RejectionCauses.InvalidData,
                RejectionCauses.OrdinalTaken,
                RejectionCauses.Undecodable,
                RejectionCauses.Undecodable,
                RejectionCauses.UnknownCoupon,
            ],
            letters.Select(letter => letter.Cause).Order()
        );
        Assert.All(letters, letter => Assert.Equal(fixture.Settings.CouponIssuedTopic, letter.Topic));

        var record = fixture.DeadLetterTopic().Single(letter => letter.Message.Value!.SequenceEqual(garbage)).Message;
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0], record.Key);
        Assert.Equal([0, 159, 146, 150], record.Headers.GetLastBytes("bytes"));
        Assert.Equal("text", Text(record, "plain"));
        Assert.Equal(fixture.Settings.CouponIssuedTopic, Text(record, DeadLetterHeaders.OriginalTopic));
        Assert.Equal(fixture.Settings.PersistenceGroup, Text(record, DeadLetterHeaders.ConsumerGroup));
        Assert.Equal("System.Text.Json.JsonException", Text(record, DeadLetterHeaders.ExceptionType));
        Assert.Equal("0", Text(record, DeadLetterHeaders.ReplayCount));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", Text(record, DeadLetterHeaders.TraceId));
        Assert.Equal(RejectionCauses.Undecodable, Text(record, DeadLetterHeaders.Cause));
        Assert.True(int.Parse(Text(record, DeadLetterHeaders.Attempts), System.Globalization.CultureInfo.InvariantCulture) >= 1);
        Assert.All(
            (string[])
                [
                    DeadLetterHeaders.OriginalPartition,
                    DeadLetterHeaders.OriginalOffset,
                    DeadLetterHeaders.OriginalTimestamp,
                    DeadLetterHeaders.ExceptionMessage,
                    DeadLetterHeaders.FirstFailedAt,
                    DeadLetterHeaders.LastFailedAt,
                ],
            name => Assert.NotEmpty(Text(record, name))
        );
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("1000000", 0)]
    public async Task Poison_as_large_as_a_topic_takes_is_kept_whole_and_holds_nothing_up(string? largestThatIsSent, int inTheTopic)
    {
        await using var fixture = await ConsumerFixture.StartAsync(
            servers,
            largestThatIsSent is null ? [] : [("Kafka:Client:message.max.bytes", largestThatIsSent)]
        );
        var coupon = await fixture.AddCouponAsync(10);
        var large = Enumerable.Repeat((byte)'x', 1_000_100).ToArray();

        await fixture.SendAsync([large]);
        await fixture.SendAsync(coupon, 5);

        await fixture.RowsAsync(coupon, 5);
        var letter = Assert.Single(await fixture.DeadLettersAsync(1));
        Assert.Equal(large, (await fixture.Get<DeadLetterQueries>().FindAsync(letter.Id, ConsumerFixture.Stop))!.Letter.Value);
        Assert.Equal(RejectionCauses.Undecodable, letter.Cause);
        Assert.Equal(inTheTopic, fixture.DeadLetterTopic().Count);
        await fixture.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
    }

    [Fact]
    public async Task A_replay_resolves_when_its_cause_is_gone_and_opens_again_when_it_is_not()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await fixture.AddCouponAsync(2);
        await fixture.SendAsync(coupon, 4);
        var letters = await fixture.DeadLettersAsync(2);
        var replay = new ReplayRequest { Filter = new(), Actor = "an operator" };

        // Still sold out: the entry is open again, with one replay counted.
        Assert.Equal(2, (await fixture.Get<DeadLetterReplay>().ReplayAsync(replay, null, ConsumerFixture.Stop)).Done);
        await Eventually.IsTrueAsync(
            async () => (await fixture.LedgerAsync()).All(letter => letter is { State: DeadLetterState.Open, ReplayCount: 1, Attempts: >= 2 }),
            "both open again"
        );

        await using (var context = fixture.Open())
        {
            (await context.Coupons.FindAsync([coupon], ConsumerFixture.Stop))!.TotalQuantity = 4;
            await context.SaveChangesAsync(ConsumerFixture.Stop);
        }
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => fixture.Get<DeadLetterReplay>().ReplayAsync(replay, null, ConsumerFixture.Stop)));

        await fixture.DeadLettersAsync(2, DeadLetterState.Resolved);
        Assert.Equal<long>(new long[] { 1, 2, 3, 4 }, await fixture.OrdinalsAsync(coupon));
        Assert.Equal(letters.Select(letter => letter.Id), (await fixture.LedgerAsync()).Select(letter => letter.Id));
        Assert.Equal(0, (await fixture.Get<DeadLetterReplay>().ReplayAsync(replay, null, ConsumerFixture.Stop)).Matched);
    }

    [Fact]
    public async Task A_replay_that_still_cannot_be_decoded_opens_its_own_entry_again()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        await fixture.SendAsync(["no message"u8.ToArray()]);
        var letter = Assert.Single(await fixture.DeadLettersAsync(1));

        for (var replay = 1; replay <= 2; replay++)
        {
            await fixture
                .Get<DeadLetterReplay>()
                .ReplayAsync(new ReplayRequest { Filter = new(), Actor = "an operator" }, null, ConsumerFixture.Stop);
            await Eventually.IsTrueAsync(
                async () => (await fixture.LedgerAsync()).Any(entry => entry.State == DeadLetterState.Open && entry.ReplayCount == replay),
                "it is open again"
            );
        }

        Assert.Equal(letter.Id, Assert.Single(await fixture.LedgerAsync()).Id);
    }

    [Fact]
    public async Task A_restart_reads_on_where_it_had_stopped()
    {
        await using var services = await ServiceSettings.CreateAsync(servers);
        long coupon;
        await using (var first = await ConsumerFixture.StartAsync(services, owns: false))
        {
            coupon = await first.AddCouponAsync(200);
            await first.SendAsync(coupon, 100);
            await first.RowsAsync(coupon, 100);
        }
        await using var second = await ConsumerFixture.StartAsync(services, owns: false);
        await second.SendAsync(coupon, 100, first: 101);

        await second.RowsAsync(coupon, 200);
    }

    private static string Text(Message<byte[]?, byte[]?> message, string header) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(header));
}
