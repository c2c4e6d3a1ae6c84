using System.Text;
using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>Anybody who may write to the topic may say that a message is the replay of some dead letter.</summary>
public sealed class ForgedReplayTests(TestServers servers)
{
    [Fact]
    public async Task Messages_that_name_another_ones_entry_neither_close_it_nor_hide_behind_it()
    {
        await using var bench = await ConsumerBench.StartAsync(servers, ("Valve:MaxShare", "1"));
        var coupon = await bench.AddCouponAsync(1_000);
        await bench.SendAsync([ConsumerBench.Message(coupon + 1, ordinal: 1, user: 1)]);
        var genuine = Assert.Single(await bench.DeadLettersAsync(1)).Id;
        foreach (var origin in new[] { null, new Coupon.Consumers.DeadLetters.Origin(bench.Settings.CouponIssuedTopic, 0, 0).ToString() })
        {
            var first = origin is null ? 1 : 101;
            var headers = new Headers
            {
                { DeadLetterHeaders.LedgerId, Encoding.UTF8.GetBytes($"{genuine}") },
                { DeadLetterHeaders.ReplayCount, "9"u8.ToArray() },
            };
            if (origin is not null)
                headers.Add(DeadLetterHeaders.LedgerOrigin, Encoding.UTF8.GetBytes(origin));
            await bench.SendAsync(Enumerable.Range(first, 57).Select(ordinal => ConsumerBench.Message(coupon, ordinal, ordinal)), headers);
            await bench.SendAsync(Enumerable.Range(first, 12).Select(ordinal => ConsumerBench.Message(coupon + 2, ordinal, ordinal)), headers);
        }

        await bench.RowsAsync(coupon, 114);
        var letters = await bench.DeadLettersAsync(25);

        Assert.Equal(DeadLetterState.Open, letters.Single(letter => letter.Id == genuine).State);
        Assert.Equal(
            (0, coupon + 1),
            (letters.Single(letter => letter.Id == genuine).ReplayCount, letters.Single(letter => letter.Id == genuine).CouponId)
        );
        Assert.Equal(24, letters.Count(letter => letter.CouponId == coupon + 2 && letter.ReplayCount == 0));
    }
}
