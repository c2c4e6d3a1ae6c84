using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MySqlConnector;

namespace Coupon.Database;

/// <summary>
/// Connections for hand-written SQL, read by Dapper. <c>Coupon.Api</c>, and <c>Coupon.Consumers</c> while there is no dead letter and no operator,
/// use these and never EF, which takes 20 MB of a process and a part of its start for a handful of statements.
/// </summary>
public static class CouponConnections
{
    /// <summary>
    /// Registers a <see cref="MySqlDataSource"/>. Times are UTC in both directions, and a command belongs to the transaction of its connection.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="connectionString">A MySqlConnector connection string.</param>
    public static IServiceCollection AddCouponConnections(this IServiceCollection services, string connectionString)
    {
        // The columns are named as_in_sql, the properties AsInCSharp.
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        services.TryAddSingleton(provider => CreateDataSource(connectionString, provider.GetService<ConnectionWatch>()));
        return services;
    }

    /// <summary>A data source that sets every connection to what the service relies on (<see cref="SessionSettings"/>).</summary>
    /// <param name="connectionString">A MySqlConnector connection string.</param>
    /// <param name="watch">Called for every connection.</param>
    public static MySqlDataSource CreateDataSource(string connectionString, ConnectionWatch? watch = null) =>
        new MySqlDataSourceBuilder(
            new MySqlConnectionStringBuilder(connectionString)
            {
                DateTimeKind = MySqlDateTimeKind.Utc,
                IgnoreCommandTransaction = true,

                // What the driver escapes is escaped for the session that is set, not for the server's default.
                NoBackslashEscapes = false,

                // EF's provider takes its connections from here too, where there is EF, and asks for these.
                AllowUserVariables = true,
                UseAffectedRows = false,
            }.ConnectionString
        )
            .UseConnectionOpenedCallback(
                async (context, cancellationToken) =>
                {
                    await SessionSettings.ApplyAsync(context, cancellationToken);
                    watch?.Opened();
                }
            )
            .Build();
}
