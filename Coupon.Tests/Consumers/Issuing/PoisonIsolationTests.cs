using Coupon.Consumers.Issuing;
using Coupon.Tests.Servers;
using static Coupon.Tests.Consumers.Issuing.WritingFixture;

namespace Coupon.Tests.Consumers.Issuing;

public sealed class PoisonIsolationTests(TestServers servers)
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(100, 0)]
    [InlineData(1000, 999)]
    [InlineData(1000, 500)]
    [InlineData(1024, 333)]
    public async Task One_poison_message_costs_at_most_2_log2_n_plus_1_transactions_more(int messages, int poison)
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(messages);
        var batch = Issuances(coupon, messages);
        batch[poison] = Poison(coupon, batch[poison]);

        var result = await fixture.WriteAsync(batch);

        var rejection = Assert.Single(result.Rejections);
        Assert.Equal(RejectionCauses.InvalidData, rejection.Cause);
        Assert.Equal(batch[poison], rejection.Issuance);
        Assert.Equal(
            batch.Where(issuance => issuance.Message.UserId > 0).Select(issuance => issuance.Message.Ordinal),
            (await fixture.RowsAsync(coupon)).Select(row => row.Ordinal)
        );
        Assert.Equal(messages - 1, await fixture.IssuedQuantityAsync(coupon));
        AssertExtra(fixture, without: 1, poison: 1, messages);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1000)]
    public async Task In_a_batch_that_is_written_already_a_poison_message_costs_no_more(int messages)
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(messages);
        var batch = Issuances(coupon, messages);
        await fixture.WriteAsync([.. batch.Where(issuance => issuance.Index != 3)]);
        batch[3] = Poison(coupon, batch[3]);
        var before = fixture.Transactions.Begun;

        var result = await fixture.WriteAsync(batch);

        Assert.Equal(messages - 1, result.Repeated);
        Assert.Equal(batch[3], Assert.Single(result.Rejections).Issuance);

        // Without the poison it takes two transactions: the optimistic insert, and the comparison that finds everything there.
        AssertExtra(fixture, without: before + 2, poison: 1, messages);
    }

    [Fact]
    public async Task Several_poison_messages_are_isolated_and_all_their_neighbours_written()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(256);
        var batch = Issuances(coupon, 256);
        int[] poison = [0, 17, 18, 200, 255];
        foreach (var index in poison)
            batch[index] = Poison(coupon, batch[index]);

        var result = await fixture.WriteAsync(batch);

        Assert.Equal(poison, result.Rejections.Select(rejection => rejection.Issuance.Index));
        Assert.Equal(251, (await fixture.RowsAsync(coupon)).Length);
        AssertExtra(fixture, without: 1, poison.Length, batch.Length);
    }

    [Fact]
    public async Task A_batch_of_nothing_but_poison_is_given_up_message_by_message()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(64);
        var batch = Issuances(coupon, 64).Select(issuance => Poison(coupon, issuance)).ToArray();

        var result = await fixture.WriteAsync(batch);

        Assert.Equal(64, result.Rejections.Count);
        Assert.Empty(await fixture.RowsAsync(coupon));
        Assert.InRange(fixture.Transactions.Begun, 1, (2 * 64) - 1);
    }

    [Fact]
    public async Task With_more_failures_than_admitted_the_rest_is_left_alone()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(64);
        var batch = Issuances(coupon, 64).Select(issuance => Poison(coupon, issuance)).ToArray();

        var result = await fixture.Isolation.WriteAsync(batch, 3, TestContext.Current.CancellationToken);

        Assert.Equal(4, result.Rejections.Count);
        Assert.Equal(batch.Select(issuance => issuance.Index), result.Unwritten.Select(issuance => issuance.Index).Order());
    }

    [Fact]
    public async Task A_failure_says_how_often_and_since_when_writing_it_was_tried()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(4);
        var batch = Issuances(coupon, 4);
        batch[3] = Poison(coupon, batch[3]);

        var rejection = Assert.Single((await fixture.WriteAsync(batch)).Rejections);

        Assert.Equal(3, rejection.Attempts);
        Assert.True(rejection.FirstFailedAt <= rejection.LastFailedAt);
    }

    private static void AssertExtra(WritingFixture fixture, int without, int poison, int messages) =>
        Assert.InRange(fixture.Transactions.Begun - without, 0, poison * ((2 * Math.Log2(messages)) + 1));

    // A CHECK of the table refuses it; no check of the consumer does.
    private static Issuance Poison(long coupon, Issuance issuance) => Issuance(coupon, issuance.Message.Ordinal, -1 - issuance.Index, issuance.Index);
}
