using System.Data.Common;
using Coupon.Consumers.Migrations;
using Coupon.Database;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Migrations;

public sealed class InterruptedMigrationTests(TestServers servers)
{
    [Fact]
    public async Task Cut_off_after_any_statement_it_is_run_again_to_the_same_schema()
    {
        var server = (await servers.MySqlAsync()).ConnectionString;
        var expected = await SchemaAsync(await TestDatabase.CreateAsync(server));
        var cuts = 0;
        for (var statements = 1; ; statements++)
        {
            var database = Database(server);
            var cut = new CutAfter(statements);
            try
            {
                await MigrateAsync(database, cut);
            }
            catch (Exception) when (cut.HasCut)
            {
                // The kill that the test wants.
            }

            await MigrateAsync(database);

            Assert.Equal(expected, await SchemaAsync(database));
            if (!cut.HasCut)
                break;
            cuts++;
        }

        // The steps: the database, the lock, the history and its row, and each table.
        Assert.InRange(cuts, 10, 60);
    }

    [Fact]
    public async Task The_tables_are_those_of_the_model()
    {
        var server = (await servers.MySqlAsync()).ConnectionString;
        var migrated = await TestDatabase.CreateAsync(server);
        var modelled = Database(server);
        await using (var context = TestDatabase.Open(modelled))
        {
            await context.GetService<IRelationalDatabaseCreator>().EnsureCreatedAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(await SchemaAsync(modelled), await SchemaAsync(migrated));
    }

    private static string Database(string server) =>
        new MySqlConnectionStringBuilder(server) { Database = UniqueName.From("coupon") }.ConnectionString;

    private static async Task MigrateAsync(string database, params IInterceptor[] interceptors)
    {
        await using var services = new ServiceCollection()
            .AddCouponDatabase(database)
            .ConfigureDbContext<CouponDbContext>(options => options.AddInterceptors(interceptors))
            .BuildServiceProvider();
        var contexts = services.GetRequiredService<IDbContextFactory<CouponDbContext>>();
        await new SchemaMigration(contexts).ApplyAsync(TestContext.Current.CancellationToken);
    }

    // Columns, keys and checks; neither the order of columns nor the history, which only a migration has. MySQL and MariaDB show defaults and checks
    // differently, so both schemas are read from the same server.
    private static async Task<string> SchemaAsync(string database)
    {
        await using var connection = new MySqlConnection(database);
        var parts = new List<string>();
        foreach (
            var sql in (string[])
                [
                    """
                        SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable,
                          IFNULL(NULLIF(REPLACE(column_default, '\'', ''), 'NULL'), '-'), extra,
                            IF(collation_name = 'utf8mb4_bin', 'bin', ''))
                        FROM information_schema.columns
                          WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_\\_%' ORDER BY table_name, column_name
                        """,
                    """
                        SELECT CONCAT_WS(' ', table_name, index_name, non_unique, GROUP_CONCAT(column_name ORDER BY seq_in_index))
                        FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_\\_%'
                        GROUP BY table_name, index_name, non_unique ORDER BY table_name, index_name
                        """,
                    """
                        SELECT CONCAT_WS(' ', t.table_name, t.constraint_name, t.constraint_type,
                          IFNULL(REPLACE(REPLACE(c.check_clause, '(', ''), ')', ''), ''))
                        FROM information_schema.table_constraints t
                        LEFT JOIN information_schema.check_constraints c
                          ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
                        WHERE t.table_schema = DATABASE() AND t.table_name NOT LIKE '\\_\\_%' ORDER BY t.table_name, t.constraint_name
                        """,
                ]
        )
            parts.AddRange(await connection.QueryAsync<string>(sql));
        Assert.NotEmpty(parts);
        return string.Join('\n', parts);
    }

    /// <summary>Breaks the connection after a number of statements: the next ones fail, as in a process that was killed.</summary>
    private sealed class CutAfter(int statements) : DbCommandInterceptor
    {
        private int _left = statements;

        public bool HasCut { get; private set; }

        public override async ValueTask<int> NonQueryExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            int result,
            CancellationToken cancellationToken = default
        )
        {
            await CountAsync(command);
            return result;
        }

        public override async ValueTask<object?> ScalarExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            object? result,
            CancellationToken cancellationToken = default
        )
        {
            await CountAsync(command);
            return result;
        }

        private async Task CountAsync(DbCommand command)
        {
            if (--_left > 0 || HasCut)
                return;
            HasCut = true;
            await using var kill = new MySqlCommand(
                "KILL CONNECTION_ID()",
                (MySqlConnection)command.Connection!,
                (MySqlTransaction?)command.Transaction
            );
            await Assert.ThrowsAnyAsync<Exception>(() => kill.ExecuteNonQueryAsync());
            throw new InvalidOperationException("The process was killed.");
        }
    }
}
