using Coupon.Consumers.Issuing;
using Coupon.Tests.Servers;
using static Coupon.Tests.Consumers.Issuing.WritingFixture;

namespace Coupon.Tests.Consumers.Issuing;

public sealed class IssuedCouponWriterTests(TestServers servers)
{
    [Fact]
    public async Task A_batch_becomes_rows_and_the_count_grows_by_as_many_in_one_transaction()
    {
        await using var fixture = await CreateAsync(servers);
        var (first, second) = (await fixture.AddCouponAsync(100), await fixture.AddCouponAsync(100));

        var result = await fixture.WriteAsync([.. Issuances(first, 60), .. Issuances(second, 30), .. Issuances(first, 10, first: 61)]);

        Assert.Equal(100, result.Inserted);
        Assert.Empty(result.Rejections);
        Assert.Equal(Enumerable.Range(1, 70).Select(ordinal => ((long)ordinal, ordinal + 1000L)), await fixture.RowsAsync(first));
        Assert.Equal(70, await fixture.IssuedQuantityAsync(first));
        Assert.Equal(30, await fixture.IssuedQuantityAsync(second));
        Assert.Equal(1, fixture.Transactions.Begun);
    }

    [Fact]
    public async Task Of_a_batch_of_many_coupons_each_counts_its_own_whichever_way_they_are_written()
    {
        await using var fixture = await CreateAsync(servers);
        var coupons = new List<long>();
        for (var number = 0; number < 120; number++)
            coupons.Add(await fixture.AddCouponAsync(10));

        var quickly = await fixture.WriteAsync([.. coupons.SelectMany((coupon, index) => Issuances(coupon, 1 + (index % 3)))]);
        var carefully = await fixture.WriteAsync([.. coupons.SelectMany((coupon, index) => Issuances(coupon, 5 + (index % 3)))]);

        Assert.Equal(240, quickly.Inserted);
        Assert.Equal(480, carefully.Inserted);
        Assert.Equal(3, fixture.Transactions.Begun);
        for (var index = 0; index < coupons.Count; index++)
            Assert.Equal(5 + (index % 3), await fixture.IssuedQuantityAsync(coupons[index]));
    }

    [Fact]
    public async Task The_time_of_the_decision_is_kept_to_the_millisecond()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(1);
        await fixture.WriteAsync(Issuances(coupon, 1));

        await using var context = fixture.Open();
        var row = Assert.Single(context.IssuedCoupons);
        Assert.Equal(new DateTime(2026, 5, 1, 12, 0, 0, 123, DateTimeKind.Utc), row.IssuedAt);
        Assert.Equal(DateTimeKind.Utc, row.IssuedAt.Kind);
    }

    [Fact]
    public async Task The_hash_of_an_idempotency_key_is_kept_where_there_is_one()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(3);
        var batch = Issuances(coupon, 3);
        batch[1] = batch[1] with { Message = batch[1].Message with { IdempotencyKeyHash = long.MinValue } };

        Assert.Equal(3, (await fixture.WriteAsync(batch)).Inserted);

        await using var context = fixture.Open();
        Assert.Equal([null, long.MinValue, null], context.IssuedCoupons.OrderBy(row => row.Ordinal).Select(row => row.IdempotencyKeyHash));
    }

    [Fact]
    public async Task Of_a_batch_of_several_statements_nothing_is_counted_twice_where_its_last_rows_are_there_already()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(1000);
        await fixture.WriteAsync(Issuances(coupon, 10, first: 991));

        var result = await fixture.WriteAsync(Issuances(coupon, 1000));

        Assert.Equal(990, result.Inserted);
        Assert.Empty(result.Rejections);
        Assert.Equal(Enumerable.Range(1, 1000).Select(ordinal => ((long)ordinal, ordinal + 1000L)), await fixture.RowsAsync(coupon));
        Assert.Equal(1000, await fixture.IssuedQuantityAsync(coupon));
    }

    [Fact]
    public async Task The_same_batch_again_is_success_and_changes_nothing()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(50);
        await fixture.WriteAsync(Issuances(coupon, 50));

        var again = await fixture.WriteAsync(Issuances(coupon, 50));

        Assert.Equal((0, 50), (again.Inserted, again.Repeated));
        Assert.Empty(again.Rejections);
        Assert.Equal(50, await fixture.IssuedQuantityAsync(coupon));
    }

    [Fact]
    public async Task Repeated_and_new_messages_in_one_batch_are_told_apart()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(50);
        await fixture.WriteAsync(Issuances(coupon, 20));

        var result = await fixture.WriteAsync([.. Issuances(coupon, 30, first: 11), Issuance(coupon, 40, 1040)]);

        Assert.Equal((20, 11), (result.Inserted, result.Repeated));
        Assert.Equal(40, await fixture.IssuedQuantityAsync(coupon));
        Assert.Equal(40, (await fixture.RowsAsync(coupon)).Length);
    }

    [Fact]
    public async Task An_ordinal_that_is_another_users_is_rejected_by_name()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(50);
        await fixture.WriteAsync(Issuance(coupon, 7, 70));

        var result = await fixture.WriteAsync(Issuance(coupon, 6, 60), Issuance(coupon, 7, 71), Issuance(coupon, 8, 80));

        var rejection = Assert.Single(result.Rejections);
        Assert.Equal(RejectionCauses.OrdinalTaken, rejection.Cause);
        Assert.Equal(71, rejection.Issuance.Message.UserId);
        Assert.Equal([(6, 60), (7, 70), (8, 80)], await fixture.RowsAsync(coupon));
    }

    [Fact]
    public async Task A_user_under_a_second_ordinal_is_rejected_and_never_counted_as_success()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(50);
        await fixture.WriteAsync(Issuance(coupon, 1, 70));

        var result = await fixture.WriteAsync(Issuance(coupon, 2, 70), Issuance(coupon, 4, 90), Issuance(coupon, 3, 90));

        Assert.All(result.Rejections, rejection => Assert.Equal(RejectionCauses.UserAlreadyIssued, rejection.Cause));
        Assert.Equal([2L, 4L], result.Rejections.Select(rejection => rejection.Issuance.Message.Ordinal).Order());
        Assert.Equal([(1, 70), (3, 90)], await fixture.RowsAsync(coupon));
        Assert.Equal(2, await fixture.IssuedQuantityAsync(coupon));
    }

    [Fact]
    public async Task More_than_exist_are_refused_by_the_database_and_the_first_in_the_queue_keep_their_seats()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(5);

        var result = await fixture.WriteAsync([.. Issuances(coupon, 8).Reverse()]);

        Assert.Equal([6L, 7L, 8L], result.Rejections.Select(rejection => rejection.Issuance.Message.Ordinal).Order());
        Assert.All(result.Rejections, rejection => Assert.Equal(RejectionCauses.OverIssued, rejection.Cause));
        Assert.Equal([1L, 2L, 3L, 4L, 5L], (await fixture.RowsAsync(coupon)).Select(row => row.Ordinal));
    }

    [Fact]
    public async Task An_unknown_coupon_is_rejected_and_its_neighbours_are_written()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(5);

        var result = await fixture.WriteAsync([.. Issuances(coupon, 3), Issuance(987_654, 1, 1)]);

        Assert.Equal(RejectionCauses.UnknownCoupon, Assert.Single(result.Rejections).Cause);
        Assert.Equal(3, (await fixture.RowsAsync(coupon)).Length);
    }

    [Fact]
    public async Task Two_writers_with_the_same_messages_write_each_once()
    {
        await using var fixture = await CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(2000);
        var batches = Issuances(coupon, 2000).Chunk(100).ToArray();

        // One forwards, one backwards, so that their locks meet.
        await Task.WhenAll(WriteAllAsync(batches), WriteAllAsync([.. batches.Reverse()]), WriteAllAsync(batches));

        Assert.Equal(2000, (await fixture.RowsAsync(coupon)).Length);
        Assert.Equal(2000, await fixture.IssuedQuantityAsync(coupon));

        async Task WriteAllAsync(Issuance[][] order)
        {
            foreach (var batch in order)
                Assert.Empty((await fixture.WriteAsync(batch)).Rejections);
        }
    }
}
