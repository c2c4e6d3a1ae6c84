using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Database;

/// <summary>How the database is spoken to, in one place for every program and for <c>dotnet ef</c>.</summary>
public static class CouponDatabase
{
    /// <summary>
    /// The dialect that SQL is generated for, not the server that is found: it holds on MySQL 8.0 and later and on MariaDB 10.11 and later alike.
    /// Pinned, because asking the server would need one at design time and would make the generated SQL depend on which answered.
    /// </summary>
    public static readonly ServerVersion Dialect = new MySqlServerVersion(new Version(8, 0, 21));

    /// <summary>
    /// Registers a pooled <see cref="IDbContextFactory{TContext}"/> of <see cref="CouponDbContext"/>, the context itself as a scoped service, and
    /// what <see cref="CouponConnections.AddCouponConnections"/> does.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="connectionString">A MySqlConnector connection string.</param>
    public static IServiceCollection AddCouponDatabase(this IServiceCollection services, string connectionString) =>
        services
            .AddCouponConnections(connectionString)
            .AddPooledDbContextFactory<CouponDbContext>(options => Configure(options, connectionString))
            .AddScoped(provider => provider.GetRequiredService<IDbContextFactory<CouponDbContext>>().CreateDbContext());

    /// <summary>Points options at a server. Retrying is left to the callers: only they know what may be repeated.</summary>
    /// <param name="options">The options.</param>
    /// <param name="connectionString">A MySqlConnector connection string.</param>
    public static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, string connectionString) =>
        options.UseMySql(connectionString, Dialect);
}
