using Dapper;
using MySqlConnector;

namespace Coupon.Database;

/// <summary>What a program asks of MySQL before it works: the sessions (each new connection asks for itself) and the tables as they are.</summary>
public static class ServerCheck
{
    /// <summary>Asks.</summary>
    /// <exception cref="UnsuitableServerException">The server answers and cannot give what the service relies on; the message says what.</exception>
    /// <exception cref="MySqlException">The server is away, or does not let this account in.</exception>
    public static async Task CheckAsync(MySqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var tables = await connection.QueryAsync<(string Name, string? Engine)>(
                new CommandDefinition(
                    "SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
                    cancellationToken: cancellationToken
                )
            );
            var others = tables.Where(table => !"InnoDB".Equals(table.Engine, StringComparison.OrdinalIgnoreCase)).ToList();
            if (others.Count == 0)
                return;
            var names = string.Join(", ", others.Select(table => $"{table.Name} ({table.Engine})"));
            throw new UnsuitableServerException($"These tables are not of InnoDB, so they have no transactions: {names}.");
        }
    }
}
