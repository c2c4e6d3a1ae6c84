using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Remembering;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Stock;

/// <summary>That a row is missing says nothing; a MySQL that is behind, or another one, is noticed, and what it lost is written again.</summary>
public sealed class DatabaseFenceTests(TestServers servers)
{
    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mark_that_has_gone_back_is_noticed_and_the_coupon_that_was_lost_is_written_again()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(5);
        Assert.Null(await books.MySql.CheckAsync(_cancel));
        await using var context = books.Context();
        await context.DatabaseMarks.ExecuteUpdateAsync(set => set.SetProperty(row => row.Mark, 0), _cancel);
        await context.Coupons.ExecuteDeleteAsync(_cancel);

        Assert.Contains("went back in time", (await books.MySql.CheckAsync(_cancel))!.Reason, StringComparison.Ordinal);
        var report = await VerifyEverythingAsync(books);

        Assert.Equal((5, 95), (report.Coupons.Single().OrdinalAfter, report.Coupons.Single().Remaining));
        Assert.Equal(
            ("Books", 100),
            (
                (await context.Coupons.AsNoTracking().SingleAsync(_cancel)).Title,
                (await context.Coupons.AsNoTracking().SingleAsync(_cancel)).TotalQuantity
            )
        );
        Assert.Null(await books.MySql.CheckAsync(_cancel));
        Assert.Equal(2, (await context.DatabaseMarks.AsNoTracking().SingleAsync(_cancel)).Epoch);
    }

    [Fact]
    public async Task Another_server_is_doubted_until_everything_was_verified_against_it()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        Assert.Null(await books.MySql.CheckAsync(_cancel));
        await using var context = books.Context();
        await context.DatabaseMarks.ExecuteUpdateAsync(set => set.SetProperty(row => row.Server, "the one before"), _cancel);

        Assert.Contains("another MySQL server", (await books.MySql.CheckAsync(_cancel))!.Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Coupon.Stock.VerificationInterruptedException>(() => books.RebuildAsync());
        await VerifyEverythingAsync(books);

        Assert.Null(await books.MySql.CheckAsync(_cancel));
        Assert.False(await books.Redis.KeyExistsAsync(ShardKeys.Whole.Doubted));
    }

    [Fact]
    public async Task A_server_that_was_replaced_and_answers_again_is_not_verified_against_at_once()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.MySql.CheckAsync(_cancel);
        await books.Redis.HashSetAsync(ShardKeys.Whole.Database, [new("epoch", 7), new("server", "the one since"), new("mark", 1_000)]);

        var doubt = await books.MySql.CheckAsync(_cancel);

        Assert.True(doubt!.WasReplaced);
        Assert.False(await books.Redis.KeyExistsAsync(ShardKeys.Whole.Doubted));
    }

    [Fact]
    public async Task Rows_that_are_gone_are_sent_again_whatever_the_group_has_committed_and_a_returned_seat_stays_returned()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(20);
        await books.RemoveFromOutboxAsync([.. Enumerable.Range(1, 20).Select(ordinal => (long)ordinal)]);
        await books.MySql.CheckAsync(_cancel);

        // Ordinal 7 was returned, which MySQL has forgotten with the rows.
        await books.Redis.HashDeleteAsync(books.Keys.Users, Books.UserOf(7));
        await books.Redis.HashIncrementAsync(books.Keys.State, StateFields.Returned);
        await books.Redis.HashIncrementAsync(books.Keys.State, StateFields.Remaining);
        await books.PersistAsync(1, 2, 3);
        await using var context = books.Context();
        await context.DatabaseMarks.ExecuteUpdateAsync(set => set.SetProperty(row => row.Mark, 0), _cancel);

        var found = (await VerifyEverythingAsync(books)).Coupons.Single();

        Assert.Equal((16, 1, 0, 81), (found.OutboxAdded, found.OrdinalsForgotten, found.OrdinalsMissing, found.Remaining));
        Assert.True((await books.BalanceAsync()).AddsUp);
    }

    [Fact]
    public async Task What_both_redis_and_mysql_have_lost_is_sent_again_from_the_messages_that_were_read_long_ago()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(10);
        await books.ProduceAsync(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        await books.CommitAsync();
        await books.PersistAsync(1, 2, 3, 4);
        await books.MySql.CheckAsync(_cancel);
        await using var context = books.Context();
        await context.DatabaseMarks.ExecuteUpdateAsync(set => set.SetProperty(row => row.Mark, 0), _cancel);
        await books.FlushAsync();

        var found = (await VerifyEverythingAsync(books)).Coupons.Single();

        Assert.Equal((10, 6, 10, 90), (found.UsersAdded, found.OutboxAdded, found.OrdinalAfter, found.Remaining));
        Assert.Equal(Enumerable.Range(5, 6).Select(ordinal => (long)ordinal), (await books.OutboxAsync()).Order());
    }

    [Fact]
    public async Task A_deletion_that_mysql_has_lost_is_made_again_and_one_that_redis_has_lost_too()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await using var context = books.Context();
        await books.Redis.SetAddAsync(ShardKeys.Whole.Deleted, books.CouponId);
        await VerifyEverythingAsync(books);

        Assert.Empty(await context.Coupons.ToListAsync(_cancel));
        Assert.Equal(books.CouponId, (await context.DeletedCoupons.SingleAsync(_cancel)).Id);
        Assert.False(await books.Redis.KeyExistsAsync(books.Keys.State));

        await books.Redis.KeyDeleteAsync(ShardKeys.Whole.Deleted);
        await books.SellInRedisAsync(1);
        await books.Redis.SetAddAsync(ShardKeys.Whole.LoadedCoupons, books.CouponId);
        await VerifyEverythingAsync(books);

        Assert.True(await books.Redis.SetContainsAsync(ShardKeys.Whole.Deleted, books.CouponId));
        Assert.False(await books.Redis.KeyExistsAsync(books.Keys.State));
    }

    [Fact]
    public async Task The_number_of_a_verification_that_mysql_has_lost_is_not_given_again()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        var first = (await VerifyEverythingAsync(books)).Id;
        await using var context = books.Context();
        await context.Database.ExecuteSqlRawAsync("TRUNCATE TABLE stock_verifications", _cancel);

        Assert.True((await VerifyEverythingAsync(books)).Id > first);
    }

    [Fact]
    public void Ids_of_coupons_ascend_and_are_numbers_that_a_browser_holds()
    {
        var (now, end) = (new DateTime(2026, 11, 29, 8, 0, 0, DateTimeKind.Utc), new DateTime(2095, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.True(CouponId.At(now) < CouponId.At(now.AddMilliseconds(1)));
        Assert.InRange(CouponId.At(end), 1, (1L << 53) - 1);
    }

    private static async Task<Coupon.Stock.Verification.VerificationReport> VerifyEverythingAsync(Books books) =>
        (await books.Verifier.VerifyEverythingAsync(Shard.Whole, [IssueScript.Source, WaitingScript.Source], "test", 0, _cancel))!;
}
