using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Stock;

public sealed class RebuildTests(TestServers servers)
{
    private static readonly long[] _oneToEight = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public async Task What_a_flushed_Redis_forgot_comes_back_from_rows_topic_and_dead_letters()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(8);
        await books.PersistAsync(1, 2, 3);
        await books.ProduceAsync(4, 5);
        await books.ProduceDeadLettersAsync(6);
        await books.AddToLedgerAsync(DeadLetterState.Open, seatReturned: false, 7, 8);
        await books.FlushAsync();

        var found = await books.RebuildAsync();

        Assert.Equal(
            (8, 0, 8, 0, 0, 0),
            (found.UsersAdded, found.OrdinalBefore, found.OrdinalAfter, found.OutboxAdded, found.OrdinalsForgotten, found.OrdinalsMissing)
        );
        Assert.Equal((8, 92), (await books.StateAsync(StateFields.Issued), await books.StateAsync(StateFields.Remaining)));
        foreach (var ordinal in _oneToEight)
            Assert.StartsWith($"{ordinal}:", (string?)await books.Redis.HashGetAsync(books.Keys.Users, Books.UserOf(ordinal)));
        Assert.True((await books.BalanceAsync()).AddsUp);
    }

    [Fact]
    public async Task Running_it_twice_changes_nothing_the_second_time()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(5);
        await books.ProduceAsync(1, 2, 3, 4, 5);
        await books.FlushAsync();
        var first = await books.RebuildAsync();
        var users = await books.Redis.HashGetAllAsync(books.Keys.Users);

        var second = await books.RebuildAsync();

        Assert.Equal(first with { UsersAdded = 0, OrdinalBefore = 5 }, second);
        Assert.Equal(users.ToHashSet(), [.. await books.Redis.HashGetAllAsync(books.Keys.Users)]);
    }

    [Fact]
    public async Task An_ordinal_that_nobody_knows_is_never_given_out_again_and_its_seat_is()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(6);
        await books.ProduceAsync(1, 2, 4, 6);
        await books.FlushAsync();

        var found = await books.RebuildAsync();

        Assert.Equal((6, 2, 6), (found.OrdinalAfter, found.OrdinalsForgotten, found.Remaining));
        await using var context = books.Context();
        Assert.Equal([3, 5], context.ForgottenOrdinals.Select(row => row.Ordinal).Order());
        var balance = await books.BalanceAsync();
        Assert.True(balance.AddsUp, balance.ToString());
        Assert.Equal((2, 0), (balance.Returned, balance.Voided));
    }

    [Fact]
    public async Task A_forgotten_ordinal_that_turns_up_after_all_holds_its_seat_again()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(4);
        await books.ProduceAsync(1, 2, 4);
        await books.FlushAsync();
        Assert.Equal(7, (await books.RebuildAsync()).Remaining);
        await books.PersistAsync(3);

        var found = await books.RebuildAsync();

        Assert.Equal((1, 6), (found.UsersAdded, found.Remaining));
        var balance = await books.BalanceAsync();
        Assert.True(balance.AddsUp, balance.ToString());
        Assert.Equal(0, balance.Returned);
    }

    [Fact]
    public async Task Who_got_the_seat_of_a_forgotten_ordinal_is_known_though_that_ordinal_turned_up_after_all()
    {
        await using var books = await Books.OpenAsync(servers, total: 4);
        await books.SellInRedisAsync(4);
        await books.ProduceAsync(1, 2, 4);
        await books.FlushAsync();
        await books.RebuildAsync();
        await books.SellInRedisAsync(1);
        await books.ProduceAsync(5, 3);
        await books.RebuildAsync();
        await books.FlushAsync();

        var found = await books.RebuildAsync();

        Assert.Equal(5, found.OrdinalAfter);
        Assert.StartsWith("5:", (string?)await books.Redis.HashGetAsync(books.Keys.Users, Books.UserOf(5)));
    }

    [Fact]
    public async Task A_seat_that_only_Redis_knows_of_is_sent_again()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(3);
        await books.PersistAsync(1);
        await books.RemoveFromOutboxAsync(1, 2);
        Assert.Equal([2], (await books.BalanceAsync()).Missing);

        var found = await books.RebuildAsync();

        Assert.Equal(1, found.OutboxAdded);
        Assert.True((await books.BalanceAsync()).AddsUp);
    }

    /// <summary>A MySQL that went back in time has lost its row, and somebody who may write to the topic has claimed its number.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_seat_that_somebody_else_claims_is_sent_again(bool claimIsDeadLetter)
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(3);
        await books.PersistAsync(1, 3);
        await books.RemoveFromOutboxAsync(1, 2, 3);
        await (claimIsDeadLetter ? books.AddClaimToLedgerAsync(userId: 77, ordinal: 2) : books.ProduceClaimAsync(userId: 77, ordinal: 2));

        var found = await books.RebuildAsync();

        Assert.Equal(1, found.OutboxAdded);
        Assert.Equal([2], await books.OutboxAsync());
        Assert.Equal(claimIsDeadLetter, (await books.Redis.HashGetAsync(books.Keys.Users, 77)).IsNull);
    }

    [Fact]
    public async Task A_row_of_a_number_that_was_never_given_out_does_not_move_the_last_ordinal_either()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(2);
        await books.PersistAsync(1, 2);
        await books.PersistForAsync(userId: 77, ordinal: 5_000);

        var found = await books.RebuildAsync();

        Assert.Equal((2, 0), (found.OrdinalAfter, found.OrdinalsForgotten));
    }

    [Fact]
    public async Task A_dead_letter_that_claims_a_seat_with_a_row_holds_nothing_though_Redis_was_flushed()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(2);
        await books.PersistAsync(1, 2);
        await books.AddClaimToLedgerAsync(userId: 77, ordinal: 2);
        await books.FlushAsync();

        Assert.Equal(2, (await books.RebuildAsync()).UsersAdded);
        Assert.True((await books.Redis.HashGetAsync(books.Keys.Users, 77)).IsNull);
    }

    /// <summary>Such as the trace of the press. A repeated press finds the entry by the whole text of the seat.</summary>
    [Theory]
    [InlineData("::4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData(":-77:later")]
    public async Task A_seat_that_is_sent_again_has_an_entry_with_all_that_its_text_has(string end)
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(1);
        await books.RemoveFromOutboxAsync(1);
        var text = $"{await books.Redis.HashGetAsync(books.Keys.Users, Books.UserOf(1))}{end}";
        await books.Redis.HashSetAsync(books.Keys.Users, Books.UserOf(1), text);

        await books.RebuildAsync();

        Assert.Equal(
            [HeldSeat.OutboxMember(Books.UserOf(1), text)],
            (await books.Redis.SortedSetRangeByRankAsync(books.Keys.Outbox)).Select(member => (string)member!)
        );
        Assert.Equal(text, (string?)await books.Redis.HashGetAsync(books.Keys.Users, Books.UserOf(1)));
    }

    [Fact]
    public async Task A_returned_seat_stays_returned_though_Redis_went_back_in_time()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(3);
        await books.RemoveFromOutboxAsync(1, 2, 3);
        await books.PersistAsync(1, 3);
        await books.AddToLedgerAsync(DeadLetterState.Discarded, seatReturned: true, 2);

        var found = await books.RebuildAsync();

        Assert.Equal(8, found.Remaining);
        Assert.False(await books.Redis.HashExistsAsync(books.Keys.Users, Books.UserOf(2)));
        Assert.True((await books.BalanceAsync()).AddsUp);
    }

    [Fact]
    public async Task Who_returned_a_seat_and_took_another_holds_the_other_though_Redis_went_back_to_before_both()
    {
        // More than is added to Redis with one step, so that the seat is added while the rows are still being read.
        const int rows = 1_100;
        const long returned = 5,
            taken = 9;
        await using var books = await Books.OpenAsync(servers, total: 2_000);
        await books.SellInRedisAsync((int)returned);
        await books.RemoveFromOutboxAsync(1, 2, 3, 4, returned);
        await books.PersistAsync([.. Enumerable.Range(1, rows).Select(ordinal => (long)ordinal).Except([returned, taken])]);
        await books.PersistForAsync(Books.UserOf(returned), taken);
        await books.AddToLedgerAsync(DeadLetterState.Discarded, seatReturned: true, returned);

        var found = await books.RebuildAsync();

        Assert.StartsWith($"{taken}:", (string?)await books.Redis.HashGetAsync(books.Keys.Users, Books.UserOf(returned)));
        Assert.Equal(rows - 1, await books.Redis.HashLengthAsync(books.Keys.Users));
        Assert.Equal((rows, 0, 901), (found.OrdinalAfter, found.Conflicts, found.Remaining));
    }

    [Fact]
    public async Task Interrupted_it_leaves_the_coupon_off_sale_and_the_next_one_finishes()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(3);
        await books.ProduceAsync(1, 2, 3);
        var dead = new SeatMerge(books.Redis, books.Keys, Shard.Whole, verificationId: 1_000);
        await dead.BeginAsync();
        Assert.False(await books.Redis.KeyExistsAsync(books.Keys.State));
        await using (var context = books.Context())
        {
            context.StockVerifications.Add(
                new StockVerificationRow
                {
                    Id = 1_000,
                    Reason = "died",
                    RequestedBy = "test",
                    RequestedAt = DateTime.UnixEpoch,
                }
            );
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var found = await books.RebuildAsync();

        Assert.Equal((3, 3, 7), (found.OrdinalBefore, found.OrdinalAfter, found.Remaining));
        await Assert.ThrowsAsync<VerificationInterruptedException>(() =>
            dead.CompleteAsync(3, new CouponTerms(books.CouponId, 10, 0, null, null, false))
        );
    }

    [Fact]
    public async Task A_Redis_that_loses_data_in_the_middle_is_not_put_on_sale()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        var merge = new SeatMerge(books.Redis, books.Keys, Shard.Whole, verificationId: 7);
        await merge.BeginAsync();
        await merge.AddAsync(new HeldSeat(books.CouponId, 1, 5, 1));
        await books.FlushAsync();
        await Assert.ThrowsAsync<VerificationInterruptedException>(() =>
            merge.CompleteAsync(1, new CouponTerms(books.CouponId, 10, 0, null, null, false))
        );
        Assert.False(await books.Redis.KeyExistsAsync(books.Keys.State));
    }

    [Fact]
    public async Task The_scripts_are_not_loaded_where_a_state_is_not_the_verified_one()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(books.Settings.Redis.ConnectionString);
        var script = StockScript.Embedded(typeof(StockTerms).Assembly, "load.lua");
        await redis.GetServers().Single().ExecuteAsync("SCRIPT", "FLUSH");
        var found = await books.RebuildAsync();
        var id = await books.StateAsync(StateFields.Verified);
        var identity = await RedisIdentity.ReadAsync(redis, Shard.Whole);
        var earlier = new VerificationReport(id - 1, [found], 0, 0);

        await Assert.ThrowsAsync<VerificationInterruptedException>(() =>
            new ScriptLoading(redis, Shard.Whole).LoadAsync([script], earlier, identity, RedisValue.Null, TestContext.Current.CancellationToken)
        );
        Assert.False(await redis.GetServers().Single().ScriptExistsAsync(script.Hash));

        await new ScriptLoading(redis, Shard.Whole).LoadAsync(
            [script],
            earlier with
            {
                Id = id,
            },
            identity,
            RedisValue.Null,
            TestContext.Current.CancellationToken
        );
        Assert.True(await redis.GetServers().Single().ScriptExistsAsync(script.Hash));
    }

    [Fact]
    public async Task A_number_that_was_never_given_out_does_not_move_the_last_ordinal()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(1);
        await books.ProduceAsync(1, 5_000_000_000);

        Assert.Equal((1, 9), ((await books.RebuildAsync()).OrdinalAfter, await books.StateAsync(StateFields.Remaining)));
    }

    [Fact]
    public async Task What_is_being_verified_or_has_holders_is_not_loaded_as_new()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        var (terms, stock) = (new CouponTerms(books.CouponId, 10, 0, null, null, false), new StockTerms(books.Redis.Multiplexer));
        await books.SellInRedisAsync(1);
        await new SeatMerge(books.Redis, books.Keys, Shard.Whole, verificationId: 7).BeginAsync();
        Assert.False(await stock.LoadAsync(terms));
        await books.Redis.KeyDeleteAsync(books.Keys.Verifying);
        Assert.False(await stock.LoadAsync(terms));
        await books.Redis.KeyDeleteAsync(books.Keys.Users);
        Assert.True(await stock.LoadAsync(terms));
    }

    [Fact]
    public async Task Terms_that_were_read_before_a_forgotten_ordinal_turned_up_do_not_return_its_seat_again()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(4);
        await books.ProduceAsync(1, 2, 4);
        await books.FlushAsync();
        await books.RebuildAsync();
        CouponTerms before;
        await using (var context = books.Context())
            before = CouponTerms.Of((await context.Coupons.FindAsync([books.CouponId], TestContext.Current.CancellationToken))!);
        await books.PersistAsync(3);
        Assert.Equal(6, (await books.RebuildAsync()).Remaining);

        await new StockTerms(books.Redis.Multiplexer).ApplyAsync(before);

        Assert.Equal(6, await books.StateAsync(StateFields.Remaining));
        Assert.True((await books.BalanceAsync()).AddsUp);
    }

    [Theory]
    [InlineData("Topics:CouponIssued")]
    [InlineData("Topics:DeadLetters")]
    public async Task A_topic_that_does_not_exist_is_no_empty_one_once_anything_was_issued(string topic)
    {
        await using var books = await Books.OpenAsync(servers, total: 10, more: (topic, UniqueName.From("nowhere")));
        Assert.Equal(10, (await books.RebuildAsync()).Remaining);
        await books.SellInRedisAsync(1);

        await Assert.ThrowsAsync<VerificationInterruptedException>(books.RebuildAsync);

        Assert.False(await books.Redis.KeyExistsAsync(books.Keys.State));
    }

    [Theory]
    [InlineData("6.2.14", false)]
    [InlineData("7.0.15", true)]
    [InlineData("8.0", true)]
    public void A_Redis_that_hands_its_scripts_on_is_not_sold_from(string version, bool isSupported) =>
        Assert.Equal(isSupported, Record.Exception(() => RedisIdentity.RequireSupported(version)) is null);
}
