using Coupon.Database;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using MySqlConnector;

namespace Coupon.Tests.Database;

public sealed class CouponDatabaseTests(TestServers servers)
{
    [Fact]
    public void No_entity_has_changed_without_a_migration()
    {
        using var context = new CouponDbContextDesignTimeFactory().CreateDbContext([]);

        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Every_migration_can_be_taken_back_and_applied_again()
    {
        await using var context = TestDatabase.Open(await servers.CreateDatabaseAsync());

        await context.GetService<IMigrator>().MigrateAsync(Migration.InitialDatabase, TestContext.Current.CancellationToken);
        await context.Database.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await context.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("INSERT INTO coupons (id, title, total_quantity, issued_quantity, created_at) VALUES (1, 'x', 1, 2, NOW())")]
    [InlineData("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (1, 0, 1, NOW())")]
    [InlineData("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (1, 1, -1, NOW())")]
    [InlineData("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (1, 1, 1, NOW()), (1, 1, 2, NOW())")]
    [InlineData("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (1, 1, 1, NOW()), (1, 2, 1, NOW())")]
    [InlineData("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (1, 99999999999999999999, 1, NOW())")]
    [InlineData("INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (1, 1, 1, 'yesterday')")]
    public async Task What_breaks_a_promise_is_refused_as_the_datas_fault(string sql)
    {
        await using var connection = new MySqlConnection(await servers.CreateDatabaseAsync());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new MySqlCommand(sql, connection);

        var refused = await Assert.ThrowsAsync<MySqlException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        Assert.Equal(DatabaseFailureKind.Data, DatabaseFailure.KindOf(refused));
    }

    [Theory]
    [InlineData("SELECT * FROM no_such_table")]
    [InlineData("SELECT no_such_column FROM coupons")]
    [InlineData("KILL CONNECTION_ID()")]
    public async Task What_is_not_the_datas_fault_is_waited_out(string sql)
    {
        await using var connection = new MySqlConnection(await servers.CreateDatabaseAsync());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new MySqlCommand(sql, connection);

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        Assert.Equal(DatabaseFailureKind.Transient, DatabaseFailure.KindOf(failed));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_waited_out()
    {
        await using var connection = new MySqlConnection("Server=127.0.0.1;Port=1;Connection Timeout=1");

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => connection.OpenAsync(TestContext.Current.CancellationToken));

        Assert.Equal(DatabaseFailureKind.Transient, DatabaseFailure.KindOf(failed));
        Assert.True(DatabaseFailure.IsUnreachable(failed));
    }

    [Fact]
    public void A_defect_of_the_program_is_neither() =>
        Assert.Equal(DatabaseFailureKind.Unexpected, DatabaseFailure.KindOf(new ArgumentException("a defect")));
}
