using System.Text;
using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Database;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>Every writer to the topic can claim, in headers, that a message is the replay of a dead letter.</summary>
public sealed class ForgedReplayTests(TestServers servers)
{
    [Fact]
    public async Task Messages_that_name_another_ones_entry_neither_close_it_nor_hide_behind_it()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Valve:MaxShare", "1"));
        var coupon = await fixture.AddCouponAsync(1_000);
        await fixture.SendAsync([ConsumerFixture.Message(coupon + 1, ordinal: 1, user: 1)]);
        var genuine = Assert.Single(await fixture.DeadLettersAsync(1)).Id;
        foreach (var origin in new[] { null, new Coupon.Consumers.DeadLetters.Origin(fixture.Settings.CouponIssuedTopic, 0, 0).ToString() })
        {
            var first = origin is null ? 1 : 101;
            var headers = new Headers
            {
                { DeadLetterHeaders.LedgerId, Encoding.UTF8.GetBytes($"{genuine}") },
                { DeadLetterHeaders.ReplayCount, "9"u8.ToArray() },
            };
            if (origin is not null)
                headers.Add(DeadLetterHeaders.LedgerOrigin, Encoding.UTF8.GetBytes(origin));
            await fixture.SendAsync(Enumerable.Range(first, 57).Select(ordinal => ConsumerFixture.Message(coupon, ordinal, ordinal)), headers);
            await fixture.SendAsync(Enumerable.Range(first, 12).Select(ordinal => ConsumerFixture.Message(coupon + 2, ordinal, ordinal)), headers);
        }

        await fixture.RowsAsync(coupon, 114);
        var letters = await fixture.DeadLettersAsync(25);

        Assert.Equal(DeadLetterState.Open, letters.Single(letter => letter.Id == genuine).State);
        Assert.Equal(
            (0, coupon + 1),
            (letters.Single(letter => letter.Id == genuine).ReplayCount, letters.Single(letter => letter.Id == genuine).CouponId)
        );
        Assert.Equal(24, letters.Count(letter => letter.CouponId == coupon + 2 && letter.ReplayCount == 0));
    }

    [Fact]
    public async Task A_message_of_the_same_issuance_that_came_from_elsewhere_is_an_entry_of_its_own_and_closes_none()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers, ("Valve:MaxShare", "1"));
        var coupon = NewCouponId.Next();
        byte[][] message = [ConsumerFixture.Message(coupon, ordinal: 1, user: 1)];
        await fixture.SendAsync(message);
        var genuine = Assert.Single(await fixture.DeadLettersAsync(1)).Id;
        var headers = new Headers
        {
            { DeadLetterHeaders.LedgerId, Encoding.UTF8.GetBytes($"{genuine}") },
            { DeadLetterHeaders.LedgerOrigin, Encoding.UTF8.GetBytes($"{fixture.Settings.CouponIssuedTopic}/0@4711") },
            { DeadLetterHeaders.ReplayCount, "1"u8.ToArray() },
        };

        await fixture.SendAsync(message, headers);
        Assert.All(await fixture.DeadLettersAsync(2), letter => Assert.Equal(0, letter.ReplayCount));

        // Now it can be written: the row is the same one, and still neither entry is the one that the message says it is.
        await using (var context = fixture.Open())
        {
            context.Coupons.Add(
                new CouponRow
                {
                    Id = coupon,
                    Title = "Found",
                    TotalQuantity = 1,
                }
            );
            await context.SaveChangesAsync(ConsumerFixture.Stop);
        }

        await fixture.SendAsync(message, headers);
        await fixture.RowsAsync(coupon, 1);
        Assert.All(await fixture.LedgerAsync(), letter => Assert.Equal(DeadLetterState.Open, letter.State));
    }
}
