using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>The effects of READ COMMITTED; each test fails with REPEATABLE READ, the default of MySQL.</summary>
public sealed class IsolationTests(TestServers servers)
{
    private const string InsertRow =
        "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (@coupon, @ordinal, 7, UTC_TIMESTAMP(3))";

    [Fact]
    public async Task A_batch_for_a_coupon_that_does_not_exist_keeps_nobody_from_creating_one()
    {
        await using var fixture = await WritingFixture.CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(1);
        await using var transaction = await WriteTransaction.BeginAsync(fixture.Get<MySqlDataSource>(), TestContext.Current.CancellationToken);

        // REPEATABLE READ would lock the gap behind the last coupon, into which a new coupon is inserted.
        var found = await transaction.QueryAsync(
            IssuedCouponSql.LockCoupons([coupon + 1000]),
            row => row.GetInt64(0),
            TestContext.Current.CancellationToken
        );

        Assert.Empty(found);
        await using var other = await fixture.Get<MySqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await other.ExecuteAsync("SET SESSION innodb_lock_wait_timeout = 1");
        Assert.Equal(
            1,
            await other.ExecuteAsync(
                "INSERT INTO coupons (id, title, total_quantity, created_at) VALUES (@id, 'Another', 1, UTC_TIMESTAMP(3))",
                new { id = coupon + 1 }
            )
        );
    }

    [Fact]
    public async Task A_deletion_keeps_nobody_from_writing_the_next_coupon()
    {
        await using var fixture = await WritingFixture.CreateAsync(servers);
        var coupon = await fixture.AddCouponAsync(10);
        await using var holding = await fixture.Get<MySqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await holding.ExecuteAsync(InsertRow, new { coupon, ordinal = 1 });

        // The rows are gone and nothing is committed: the tombstone has to wait for this one.
        await using var tombstone = await holding.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await holding.ExecuteAsync("INSERT INTO deleted_coupons (id, deleted_at) VALUES (@coupon, UTC_TIMESTAMP(3))", new { coupon }, tombstone);
        await using var deleting = await fixture.Get<MySqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        var deletion = deleting.DeleteCouponAsync(coupon, TestContext.Current.CancellationToken);
        await using var other = await fixture.Get<MySqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await other.ExecuteAsync("SET SESSION innodb_lock_wait_timeout = 1; SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
        await Eventually.IsTrueAsync(
            async () => await other.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM coupons WHERE id = @coupon", new { coupon }) == 0,
            "all of it is deleted but for the tombstone"
        );

        // REPEATABLE READ would lock the gap behind its last row, which reaches to the first row of the next coupon.
        Assert.Equal(1, await other.ExecuteAsync(InsertRow, new { coupon = coupon + 1, ordinal = 1 }));
        await tombstone.RollbackAsync(TestContext.Current.CancellationToken);
        await deletion;
    }

    [Fact]
    public async Task A_step_in_the_ledger_sees_what_was_committed_since_it_first_looked()
    {
        await using var fixture = await LedgerFixture.CreateAsync(servers);
        await fixture.Ledger.RecordAsync([fixture.Letter(1)], LedgerFixture.Stop);
        await using var context = fixture.Open();
        await using var transaction = await context.BeginLedgerTransactionAsync(LedgerFixture.Stop);

        // MySQL ends a session that is frozen here. This one waits for other work, and a machine may be busy.
        Assert.Equal(10, await context.Database.SqlQuery<long>($"SELECT @@SESSION.wait_timeout AS Value").SingleAsync(LedgerFixture.Stop));
        await context.Database.ExecuteSqlAsync($"SET SESSION wait_timeout = 600", LedgerFixture.Stop);
        Assert.Equal(1, await context.DeadLetters.CountAsync(LedgerFixture.Stop));

        await fixture.Ledger.RecordAsync([fixture.Letter(2)], LedgerFixture.Stop);

        Assert.Equal(2, await context.DeadLetters.CountAsync(LedgerFixture.Stop));
    }
}
