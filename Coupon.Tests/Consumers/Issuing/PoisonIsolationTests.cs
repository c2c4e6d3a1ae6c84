using Coupon.Consumers.Issuing;
using Coupon.Tests.Servers;
using static Coupon.Tests.Consumers.Issuing.WritingBench;

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
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(messages);
        var batch = Issuances(coupon, messages);
        batch[poison] = Poison(coupon, batch[poison]);

        var result = await bench.WriteAsync(batch);

        var failure = Assert.Single(result.Failures);
        Assert.Equal(RejectionCauses.InvalidData, failure.Cause);
        Assert.Equal(batch[poison], failure.Issuance);
        Assert.Equal(
            batch.Where(issuance => issuance.Message.UserId > 0).Select(issuance => issuance.Message.Ordinal),
            (await bench.RowsAsync(coupon)).Select(row => row.Ordinal)
        );
        Assert.Equal(messages - 1, await bench.IssuedQuantityAsync(coupon));
        AssertExtra(bench, without: 1, poison: 1, messages);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1000)]
    public async Task In_a_batch_that_is_written_already_a_poison_message_costs_no_more(int messages)
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(messages);
        var batch = Issuances(coupon, messages);
        await bench.WriteAsync([.. batch.Where(issuance => issuance.Index != 3)]);
        batch[3] = Poison(coupon, batch[3]);
        var before = bench.Transactions.Begun;

        var result = await bench.WriteAsync(batch);

        Assert.Equal(messages - 1, result.Repeated);
        Assert.Equal(batch[3], Assert.Single(result.Failures).Issuance);

        // Without the poison it is two: the quick way, and the careful one that finds everything there.
        AssertExtra(bench, without: before + 2, poison: 1, messages);
    }

    [Fact]
    public async Task Several_poison_messages_are_isolated_and_all_their_neighbours_written()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(256);
        var batch = Issuances(coupon, 256);
        int[] poison = [0, 17, 18, 200, 255];
        foreach (var index in poison)
            batch[index] = Poison(coupon, batch[index]);

        var result = await bench.WriteAsync(batch);

        Assert.Equal(poison, result.Failures.Select(failure => failure.Issuance.Index));
        Assert.Equal(251, (await bench.RowsAsync(coupon)).Length);
        AssertExtra(bench, without: 1, poison.Length, batch.Length);
    }

    [Fact]
    public async Task A_batch_of_nothing_but_poison_is_given_up_message_by_message()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(64);
        var batch = Issuances(coupon, 64).Select(issuance => Poison(coupon, issuance)).ToArray();

        var result = await bench.WriteAsync(batch);

        Assert.Equal(64, result.Failures.Count);
        Assert.Empty(await bench.RowsAsync(coupon));
        Assert.InRange(bench.Transactions.Begun, 1, (2 * 64) - 1);
    }

    [Fact]
    public async Task With_more_failures_than_admitted_the_rest_is_left_alone()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(64);
        var batch = Issuances(coupon, 64).Select(issuance => Poison(coupon, issuance)).ToArray();

        var result = await bench.Isolation.WriteAsync(batch, 3, TestContext.Current.CancellationToken);

        Assert.Equal(4, result.Failures.Count);
        Assert.Equal(batch.Select(issuance => issuance.Index), result.Unwritten.Select(issuance => issuance.Index).Order());
    }

    [Fact]
    public async Task A_failure_says_how_often_and_since_when_writing_it_was_tried()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(4);
        var batch = Issuances(coupon, 4);
        batch[3] = Poison(coupon, batch[3]);

        var failure = Assert.Single((await bench.WriteAsync(batch)).Failures);

        Assert.Equal(3, failure.Attempts);
        Assert.True(failure.FirstFailedAt <= failure.LastFailedAt);
    }

    private static void AssertExtra(WritingBench bench, int without, int poison, int messages) =>
        Assert.InRange(bench.Transactions.Begun - without, 0, poison * ((2 * Math.Log2(messages)) + 1));

    // A CHECK of the table refuses it, which only the database can tell.
    private static Issuance Poison(long coupon, Issuance issuance) => Issuance(coupon, issuance.Message.Ordinal, -1 - issuance.Index, issuance.Index);
}
