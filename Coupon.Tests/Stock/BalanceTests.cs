using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Stock.Balance;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Stock;

public sealed class BalanceTests(TestServers servers)
{
    [Fact]
    public async Task Every_ordinal_is_counted_once_where_it_was_seen_last()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(10);
        await books.ProduceAsync(1, 2, 3, 4, 5, 6, 7);
        await books.PersistAsync(1, 2, 3);
        await books.ProduceDeadLettersAsync(4);
        await books.AddToLedgerAsync(DeadLetterState.Open, seatReturned: false, 5);
        await books.AddToLedgerAsync(DeadLetterState.Discarded, seatReturned: false, 6);

        var balance = await books.BalanceAsync();

        Assert.True(balance.AddsUp, balance.ToString());
        Assert.Equal(
            (100, 90, 3, 1, 3, 2, 1),
            (balance.Total, balance.Remaining, balance.Outbox, balance.InKafka, balance.Persisted, balance.OpenDeadLetters, balance.Voided)
        );
    }

    [Fact]
    public async Task A_late_copy_of_a_discarded_issuance_is_no_second_sale_of_its_seat()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(2);
        await books.RemoveFromOutboxAsync(1, 2);
        await books.PersistAsync(1);
        await books.AddToLedgerAsync(DeadLetterState.Discarded, seatReturned: true, 2);
        await books.RebuildAsync();
        await books.AddToLedgerAsync(DeadLetterState.Open, seatReturned: false, 2);

        var balance = await books.BalanceAsync();

        Assert.True(balance.AddsUp, balance.ToString());
        Assert.Equal((0, 0, 1), (balance.OpenDeadLetters, balance.Voided, balance.Returned));
    }

    [Fact]
    public async Task What_is_over_is_looked_at_for_a_day_and_for_as_long_as_Redis_has_it()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        CouponRow[] others = [Ends(null), Ends(now.AddHours(1)), Ends(now.AddHours(-23)), Ends(now.AddHours(-25))];
        await using (var context = books.Context())
        {
            (await context.Coupons.FindAsync(books.CouponId))!.ClosesAt = now.AddDays(-3);
            context.Coupons.AddRange(others);
            await context.SaveChangesAsync();
        }

        Assert.Equal([books.CouponId, others[0].Id, others[1].Id, others[2].Id], await books.CurrentCouponsAsync());

        static CouponRow Ends(DateTime? at) =>
            new()
            {
                Id = NewCouponId.Next(),
                Title = "Another",
                TotalQuantity = 1,
                ClosesAt = at,
            };
    }

    [Fact]
    public async Task What_MySQL_says_is_of_one_instant()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await using var writing = new MySqlConnection(books.Settings.MySql);
        await writing.OpenAsync(TestContext.Current.CancellationToken);
        await using var database = CouponConnections.CreateDataSource(books.Settings.MySql);
        await using var reading = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);

        // The coupon has been read; for the rows it waits until one more is there.
        await writing.ExecuteAsync("LOCK TABLES issued_coupons WRITE");
        var read = MySqlReading.ReadAsync(reading, new Dictionary<long, long?> { [books.CouponId] = null }, TestContext.Current.CancellationToken);
        await using var watching = new MySqlConnection(books.Settings.MySql);
        await Eventually.IsTrueAsync(
            () =>
                watching.ExecuteScalarAsync<bool>(
                    "SELECT EXISTS (SELECT 1 FROM information_schema.processlist WHERE id = @id AND state LIKE '%metadata lock%')",
                    new { id = reading.ServerThread }
                ),
            "it waits for the table of the rows"
        );
        await writing.ExecuteAsync(
            "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (@CouponId, 1, 7, UTC_TIMESTAMP(3)); UNLOCK TABLES",
            new { books.CouponId }
        );

        var found = (await read)[books.CouponId];
        Assert.Equal((0, 0), (found.Coupon.IssuedQuantity, found.Persisted));
    }

    [Fact]
    public async Task What_is_nowhere_is_named()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(10);
        await books.PersistAsync(2, 3, 4, 8, 9);
        await books.RemoveFromOutboxAsync(1, 6, 10);

        var balance = await books.BalanceAsync();

        Assert.False(balance.AddsUp);
        Assert.Equal([1, 6, 10], balance.Missing);
        Assert.Equal((3, 3, 2), (balance.Drift, balance.MissingCount, balance.Outbox));
    }

    [Fact]
    public async Task A_dead_letter_of_somebody_who_claims_a_seat_does_not_stand_for_its_row()
    {
        await using var books = await Books.OpenAsync(servers, total: 10);
        await books.SellInRedisAsync(3);
        await books.PersistAsync(1, 3);
        await books.RemoveFromOutboxAsync(1, 2, 3);
        await books.AddClaimToLedgerAsync(userId: 77, ordinal: 2);

        var balance = await books.BalanceAsync();

        Assert.False(balance.AddsUp);
        Assert.Equal([2], balance.Missing);
    }

    [Fact]
    public async Task A_coupon_that_a_verification_has_taken_off_sale_cannot_say_whether_it_adds_up()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(5);
        await books.PersistAsync(1, 2);

        // The first step of a verification that got no further.
        await books.Redis.HashSetAsync(books.Keys.Verifying, [new("id", 1), new("step", 0), new("issued", 5)]);
        await books.Redis.KeyDeleteAsync(books.Keys.State);
        var balance = await books.BalanceAsync();

        Assert.False(balance.Loaded);
        Assert.False(balance.AddsUp, balance.ToString());
        Assert.Contains("is being verified", balance.Unverified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_is_behind_the_rows_is_a_drift()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(2);
        await books.PersistAsync(1, 2, 3, 4);

        var balance = await books.BalanceAsync();

        Assert.False(balance.AddsUp);
        Assert.Equal(2, balance.AheadOfRedis);
    }

    [Fact]
    public async Task A_counter_that_lost_a_seat_is_a_drift()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(2);
        await books.Redis.HashIncrementAsync(books.Keys.State, StateFields.Remaining);

        Assert.Equal(1, (await books.BalanceAsync()).Drift);
    }

    [Fact]
    public async Task What_was_given_out_above_the_total_is_a_drift_also_once_Redis_has_reckoned_it_in()
    {
        await using var books = await Books.OpenAsync(servers, total: 2);
        await books.Redis.HashIncrementAsync(books.Keys.State, StateFields.Remaining, 3);
        await books.SellInRedisAsync(5);
        Assert.Equal((0, 3), await RemainingAndDriftAsync());

        await books.ReconcileAsync();

        Assert.Equal((-3, 3), await RemainingAndDriftAsync());

        async Task<(long Remaining, long Drift)> RemainingAndDriftAsync()
        {
            var balance = await books.BalanceAsync();
            return (balance.Remaining, balance.Drift);
        }
    }

    [Fact]
    public async Task A_Redis_that_is_not_the_one_that_was_verified_last_cannot_say_whether_it_adds_up()
    {
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(2);
        await books.Redis.KeyDeleteAsync(ShardKeys.Whole.Verified);
        Assert.Contains("was never verified", (await books.ReadBalanceAsync()).Unverified, StringComparison.Ordinal);
        await using (var context = books.Context())
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            for (var number = 0; number < 2; number++)
                context.StockVerifications.Add(
                    new StockVerificationRow
                    {
                        EveryCoupon = true,
                        Reason = "test",
                        RequestedBy = "test",
                        RequestedAt = now,
                        CompletedAt = now,
                    }
                );
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await books.MarkVerifiedAsync(1);
        var old = await books.ReadBalanceAsync();
        await books.MarkVerifiedAsync(2);
        var current = await books.ReadBalanceAsync();

        Assert.Equal((0, false, 1), (old.Drift, old.AddsUp, old.Epoch));
        Assert.Contains("verification 1", old.Unverified, StringComparison.Ordinal);
        Assert.Equal((0, true, 2), (current.Drift, current.AddsUp, current.Epoch));
    }

    [Fact]
    public async Task The_mock_cluster_has_a_tail_too()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var books = await Books.OpenAsync(servers, total: 100, kafka);
        await books.SellInRedisAsync(3);
        await books.ProduceAsync(1, 2);
        await books.RemoveFromOutboxAsync(1, 2);

        var balance = await books.BalanceAsync();

        Assert.True(balance.AddsUp, balance.ToString());
        Assert.Equal((2, 1), (balance.InKafka, balance.Outbox));
    }
}
