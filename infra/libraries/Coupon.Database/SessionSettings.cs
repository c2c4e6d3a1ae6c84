using MySqlConnector;

namespace Coupon.Database;

/// <summary>
/// What every session is set to, whatever the server has as its defaults. Each of these has another value somewhere in production, and with it a
/// right statement does something else: without autocommit nothing is kept, with NO_BACKSLASH_ESCAPES the driver's escapes are stored, with
/// REPEATABLE READ rows are not seen as they are. The defaults return when a pooled connection is reset, so this runs whenever one is handed out.
/// </summary>
internal static class SessionSettings
{
    // Those of MySQL 8.0 by itself (manual, "Server SQL Modes").
    private const string Modes =
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

    // In one round trip. The isolation is that of statements outside of a transaction: BeginTransaction of the driver sets one itself, REPEATABLE
    // READ where none is asked for, so code that relies on READ COMMITTED asks for it. EF's own table of migrations does not name its engine, hence
    // the default. The isolation is a statement because its variable has different names in MySQL and in MariaDB 10.
    private const string Set = $"""
        SET SESSION autocommit = 1, sql_mode = '{Modes}', time_zone = '+00:00', default_storage_engine = InnoDB, completion_type = 'NO_CHAIN',
            unique_checks = 1, foreign_key_checks = 1, sql_auto_is_null = 0, sql_safe_updates = 0, sql_select_limit = 18446744073709551615;
        SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
        """;

    private const string Get = "SELECT @@SESSION.autocommit, @@SESSION.sql_mode, @@SESSION.time_zone, @@SESSION.default_storage_engine, VERSION()";

    /// <summary>Sets them; on a new connection, also looks whether the server has really taken them and is one that this service supports.</summary>
    /// <exception cref="UnsuitableServerException">It has not, or is not.</exception>
    public static async ValueTask ApplyAsync(MySqlConnectionOpenedContext context, CancellationToken cancellationToken)
    {
        var isNew = context.Conditions.HasFlag(MySqlConnectionOpenedConditions.New);
        await using var command = new MySqlCommand(isNew ? Set + Get : Set, context.Connection);
        try
        {
            if (!isNew)
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }

            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
                throw new UnsuitableServerException("MySQL does not say how a session is set.");
            Check(reader);
        }
        catch (MySqlException exception) when (IsRefusal(exception))
        {
            throw new UnsuitableServerException($"MySQL refuses what the service sets in each session: {exception.Message}", exception);
        }
    }

    private static void Check(MySqlDataReader reader)
    {
        Require("autocommit", Convert.ToInt64(reader.GetValue(0), null) == 1, reader.GetValue(0));
        var modes = reader.GetString(1).Split(',');
        Require("sql_mode", Array.TrueForAll(Modes.Split(','), modes.Contains) && modes.Length == Modes.Split(',').Length, reader.GetString(1));
        Require("time_zone", reader.GetString(2) == "+00:00", reader.GetString(2));
        Require("default_storage_engine", reader.GetString(3).Equals("InnoDB", StringComparison.OrdinalIgnoreCase), reader.GetString(3));
        ServerVersions.Check(reader.GetString(4));
    }

    private static void Require(string setting, bool isAsSet, object found)
    {
        if (isAsSet)
            return;
        throw new UnsuitableServerException(
            $"MySQL has {setting} = {found} in a session that was set otherwise; a proxy may have taken the statement."
        );
    }

    // Unknown variable, wrong value, unknown engine, a right that is missing.
    private static bool IsRefusal(MySqlException exception) =>
        exception.ErrorCode
            is MySqlErrorCode.UnknownSystemVariable
                or MySqlErrorCode.WrongValueForVariable
                or MySqlErrorCode.WrongTypeForVariable
                or MySqlErrorCode.UnknownStorageEngine
                or MySqlErrorCode.SpecifiedAccessDeniedError
                or MySqlErrorCode.ParseError
                or MySqlErrorCode.NotSupportedYet;
}
