using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace Coupon.Tests.Servers;

/// <summary>Makes databases with the schema in them.</summary>
public static class TestDatabase
{
    /// <summary>Creates one with a name of its own on a server, migrated.</summary>
    /// <returns>The connection string of the database.</returns>
    public static async Task<string> CreateAsync(string serverConnectionString)
    {
        var connectionString = new MySqlConnectionStringBuilder(serverConnectionString) { Database = UniqueName.From("coupon") }.ConnectionString;
        await using var services = new ServiceCollection().AddCouponDatabase(connectionString).BuildServiceProvider();
        await using var context = await services.GetRequiredService<IDbContextFactory<CouponDbContext>>().CreateDbContextAsync();
        await context.Database.MigrateAsync();
        return connectionString;
    }

    /// <summary>A context on it.</summary>
    public static CouponDbContext Open(string connectionString) =>
        new(
            new DbContextOptionsBuilder<CouponDbContext>()
                .UseMySql(
                    connectionString,
                    ServerVersion.AutoDetect(new MySqlConnectionStringBuilder(connectionString) { Database = "" }.ConnectionString)
                )
                .Options
        );
}
