using Coupon.Consumers.Issuing;
using Coupon.Tests.Servers;
using static Coupon.Tests.Consumers.Issuing.WritingBench;

namespace Coupon.Tests.Consumers.Issuing;

public sealed class IssuedCouponWriterTests(TestServers servers)
{
    [Fact]
    public async Task A_batch_becomes_rows_and_the_count_grows_by_as_many_in_one_transaction()
    {
        await using var bench = await CreateAsync(servers);
        var (first, second) = (await bench.AddCouponAsync(100), await bench.AddCouponAsync(100));

        var result = await bench.WriteAsync([.. Issuances(first, 60), .. Issuances(second, 30), .. Issuances(first, 10, first: 61)]);

        Assert.Equal(100, result.Inserted);
        Assert.Empty(result.Failures);
        Assert.Equal(Enumerable.Range(1, 70).Select(ordinal => ((long)ordinal, ordinal + 1000L)), await bench.RowsAsync(first));
        Assert.Equal(70, await bench.IssuedQuantityAsync(first));
        Assert.Equal(30, await bench.IssuedQuantityAsync(second));
        Assert.Equal(1, bench.Transactions.Begun);
    }

    [Fact]
    public async Task Of_a_batch_of_many_coupons_each_counts_its_own_whichever_way_they_are_written()
    {
        await using var bench = await CreateAsync(servers);
        var coupons = new List<long>();
        for (var number = 0; number < 120; number++)
            coupons.Add(await bench.AddCouponAsync(10));

        var quickly = await bench.WriteAsync([.. coupons.SelectMany((coupon, index) => Issuances(coupon, 1 + (index % 3)))]);
        var carefully = await bench.WriteAsync([.. coupons.SelectMany((coupon, index) => Issuances(coupon, 5 + (index % 3)))]);

        Assert.Equal(240, quickly.Inserted);
        Assert.Equal(480, carefully.Inserted);
        Assert.Equal(3, bench.Transactions.Begun);
        for (var index = 0; index < coupons.Count; index++)
            Assert.Equal(5 + (index % 3), await bench.IssuedQuantityAsync(coupons[index]));
    }

    [Fact]
    public async Task The_time_of_the_decision_is_kept_to_the_millisecond()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(1);
        await bench.WriteAsync(Issuances(coupon, 1));

        await using var context = bench.Open();
        var row = Assert.Single(context.IssuedCoupons);
        Assert.Equal(new DateTime(2026, 5, 1, 12, 0, 0, 123, DateTimeKind.Utc), row.IssuedAt);
        Assert.Equal(DateTimeKind.Utc, row.IssuedAt.Kind);
    }

    [Fact]
    public async Task The_hash_of_an_idempotency_key_is_kept_where_there_is_one()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(3);
        var batch = Issuances(coupon, 3);
        batch[1] = batch[1] with { Message = batch[1].Message with { IdempotencyKeyHash = long.MinValue } };

        Assert.Equal(3, (await bench.WriteAsync(batch)).Inserted);

        await using var context = bench.Open();
        Assert.Equal([null, long.MinValue, null], context.IssuedCoupons.OrderBy(row => row.Ordinal).Select(row => row.IdempotencyKeyHash));
    }

    [Fact]
    public async Task Of_a_batch_of_several_statements_nothing_is_counted_twice_where_its_last_rows_are_there_already()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(1000);
        await bench.WriteAsync(Issuances(coupon, 10, first: 991));

        var result = await bench.WriteAsync(Issuances(coupon, 1000));

        Assert.Equal(990, result.Inserted);
        Assert.Empty(result.Failures);
        Assert.Equal(Enumerable.Range(1, 1000).Select(ordinal => ((long)ordinal, ordinal + 1000L)), await bench.RowsAsync(coupon));
        Assert.Equal(1000, await bench.IssuedQuantityAsync(coupon));
    }

    [Fact]
    public async Task The_same_batch_again_is_success_and_changes_nothing()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(50);
        await bench.WriteAsync(Issuances(coupon, 50));

        var again = await bench.WriteAsync(Issuances(coupon, 50));

        Assert.Equal((0, 50), (again.Inserted, again.Repeated));
        Assert.Empty(again.Failures);
        Assert.Equal(50, await bench.IssuedQuantityAsync(coupon));
    }

    [Fact]
    public async Task Repeated_and_new_messages_in_one_batch_are_told_apart()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(50);
        await bench.WriteAsync(Issuances(coupon, 20));

        var result = await bench.WriteAsync([.. Issuances(coupon, 30, first: 11), Issuance(coupon, 40, 1040)]);

        Assert.Equal((20, 11), (result.Inserted, result.Repeated));
        Assert.Equal(40, await bench.IssuedQuantityAsync(coupon));
        Assert.Equal(40, (await bench.RowsAsync(coupon)).Length);
    }

    [Fact]
    public async Task An_ordinal_that_is_another_users_is_rejected_by_name()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(50);
        await bench.WriteAsync(Issuance(coupon, 7, 70));

        var result = await bench.WriteAsync(Issuance(coupon, 6, 60), Issuance(coupon, 7, 71), Issuance(coupon, 8, 80));

        var failure = Assert.Single(result.Failures);
        Assert.Equal(RejectionCauses.OrdinalTaken, failure.Cause);
        Assert.Equal(71, failure.Issuance.Message.UserId);
        Assert.Equal([(6, 60), (7, 70), (8, 80)], await bench.RowsAsync(coupon));
    }

    [Fact]
    public async Task A_user_under_a_second_ordinal_is_rejected_and_never_counted_as_success()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(50);
        await bench.WriteAsync(Issuance(coupon, 1, 70));

        var result = await bench.WriteAsync(Issuance(coupon, 2, 70), Issuance(coupon, 4, 90), Issuance(coupon, 3, 90));

        Assert.All(result.Failures, failure => Assert.Equal(RejectionCauses.UserAlreadyIssued, failure.Cause));
        Assert.Equal([2L, 4L], result.Failures.Select(failure => failure.Issuance.Message.Ordinal).Order());
        Assert.Equal([(1, 70), (3, 90)], await bench.RowsAsync(coupon));
        Assert.Equal(2, await bench.IssuedQuantityAsync(coupon));
    }

    [Fact]
    public async Task More_than_exist_are_refused_by_the_database_and_the_first_in_the_queue_keep_their_seats()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(5);

        var result = await bench.WriteAsync([.. Issuances(coupon, 8).Reverse()]);

        Assert.Equal([6L, 7L, 8L], result.Failures.Select(failure => failure.Issuance.Message.Ordinal).Order());
        Assert.All(result.Failures, failure => Assert.Equal(RejectionCauses.OverIssued, failure.Cause));
        Assert.Equal([1L, 2L, 3L, 4L, 5L], (await bench.RowsAsync(coupon)).Select(row => row.Ordinal));
    }

    [Fact]
    public async Task An_unknown_coupon_is_rejected_and_its_neighbours_are_written()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(5);

        var result = await bench.WriteAsync([.. Issuances(coupon, 3), Issuance(987_654, 1, 1)]);

        Assert.Equal(RejectionCauses.UnknownCoupon, Assert.Single(result.Failures).Cause);
        Assert.Equal(3, (await bench.RowsAsync(coupon)).Length);
    }

    [Fact]
    public async Task Two_writers_with_the_same_messages_write_each_once()
    {
        await using var bench = await CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(2000);
        var batches = Issuances(coupon, 2000).Chunk(100).ToArray();

        // One forwards, one backwards, so that they meet.
        await Task.WhenAll(WriteAllAsync(batches), WriteAllAsync([.. batches.Reverse()]), WriteAllAsync(batches));

        Assert.Equal(2000, (await bench.RowsAsync(coupon)).Length);
        Assert.Equal(2000, await bench.IssuedQuantityAsync(coupon));

        async Task WriteAllAsync(Issuance[][] order)
        {
            foreach (var batch in order)
                Assert.Empty((await bench.WriteAsync(batch)).Failures);
        }
    }
}
