using System.Data;
using MySqlConnector;

namespace Coupon.Database;

/// <summary>
/// A transaction whose locks others may have to wait for. A process that is frozen in it would hold them until it thaws, or for the
/// <c>wait_timeout</c> of the server, 8 hours by default, while consumers give messages up after minutes. So the session gets a bound of its own:
/// MySQL ends it, and rolls back.
/// </summary>
public static class LockingTransaction
{
    /// <summary>
    /// How long MySQL waits for the next statement, and within LOAD DATA LOCAL for the next lines
    /// (https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_wait_timeout). The server's own values return when the pool hands
    /// the session out again; one that is idle in the pool for longer is ended too, and the pool replaces it.
    /// </summary>
    public const string EndWhereNothingIsAsked = "SET SESSION wait_timeout = 10, net_read_timeout = 10";

    /// <summary>Begins one.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="isolation">Which isolation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<MySqlTransaction> BeginLockingAsync(
        this MySqlConnection connection,
        IsolationLevel isolation,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(connection);
        var bound = new MySqlCommand(EndWhereNothingIsAsked, connection);
        await using (bound)
            await bound.ExecuteNonQueryAsync(cancellationToken);
        return await connection.BeginTransactionAsync(isolation, cancellationToken);
    }
}
