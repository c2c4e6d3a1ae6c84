using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Tests.Consumers.DeadLetters;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>What only READ COMMITTED gives; each of these fails with the default of MySQL.</summary>
public sealed class IsolationTests(TestServers servers)
{
    [Fact]
    public async Task A_batch_for_a_coupon_that_does_not_exist_keeps_nobody_from_creating_one()
    {
        await using var bench = await WritingBench.CreateAsync(servers);
        var coupon = await bench.AddCouponAsync(1);
        await using var transaction = await WriteTransaction.BeginAsync(bench.Get<MySqlDataSource>(), TestContext.Current.CancellationToken);

        // The gap behind the last coupon would be locked, and a new coupon belongs there.
        var found = await transaction.QueryAsync(
            IssuedCouponSql.LockCoupons([coupon + 1000]),
            row => row.GetInt64(0),
            TestContext.Current.CancellationToken
        );

        Assert.Empty(found);
        await using var other = await bench.Get<MySqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
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
    public async Task A_step_in_the_ledger_sees_what_was_committed_since_it_first_looked()
    {
        await using var bench = await LedgerBench.CreateAsync(servers);
        await bench.Ledger.RecordAsync([bench.Letter(1)], LedgerBench.Stop);
        await using var context = bench.Open();
        await using var transaction = await context.BeginLedgerTransactionAsync(LedgerBench.Stop);
        Assert.Equal(1, await context.DeadLetters.CountAsync(LedgerBench.Stop));

        await bench.Ledger.RecordAsync([bench.Letter(2)], LedgerBench.Stop);

        Assert.Equal(2, await context.DeadLetters.CountAsync(LedgerBench.Stop));
    }
}
