using System.Data.Common;
using System.Net.Sockets;
using MySqlConnector;

namespace Coupon.Database;

/// <summary>
/// Tells failures of the data from failures of everything else. Only what is known to be the data's fault counts as such; the rest of what a database
/// can say is waited out, because a message that is given up by mistake costs more than a wait.
/// </summary>
public static class DatabaseFailure
{
    /// <summary>MySQL reports a CHECK that failed without a class of its own (HY000); MariaDB's 4025 has class 23.</summary>
    private const int MySqlCheckViolated = 3819;

    /// <summary>"Incorrect integer value", also HY000.</summary>
    private const int WrongValueForField = 1366;

    private const int MariaDbCheckViolated = 4025;

    /// <summary>The driver has no names for this one of MySQL's and the next one of MariaDB's.</summary>
    private const int ReadOnlyMode = 1836;

    private const int MariaDbConnectionKilled = 1927;

    /// <summary>
    /// Waited out, among all that is not the data's fault: no connection (1042, 2002, 2003), connection lost (2006, 2013), too many connections
    /// (1040, 1203, 1226), deadlock (1213), lock wait (1205), statement time-out (client side, 1317, 3024), read-only server (1290, 1792, 1836),
    /// server shutting down (1053, 1077, 1079), disk or table full (1021, 1114), and a schema or a right that an administrator has yet to put right
    /// (1044, 1045, 1049, 1054, 1142, 1146).
    /// </summary>
    /// <param name="exception">What a write threw.</param>
    public static DatabaseFailureKind KindOf(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case UnsuitableServerException:
                    return DatabaseFailureKind.Transient;
                case MySqlException mySql:
                    return IsData(mySql) ? DatabaseFailureKind.Data : DatabaseFailureKind.Transient;
                case DbException { IsTransient: true } or SocketException or IOException or TimeoutException or OperationCanceledException:
                    return DatabaseFailureKind.Transient;
            }
        }
        return DatabaseFailureKind.Unexpected;
    }

    /// <summary>A UNIQUE or PRIMARY KEY refused a row.</summary>
    public static bool IsDuplicateKey(MySqlException exception) => exception.ErrorCode == MySqlErrorCode.DuplicateKeyEntry;

    /// <summary>A CHECK refused a row.</summary>
    public static bool IsCheckViolated(MySqlException exception) => exception.Number is MySqlCheckViolated or MariaDbCheckViolated;

    /// <summary>The server cannot be reached, or does not accept connections yet: a program that has just been started may wait for it.</summary>
    public static bool IsUnreachable(Exception exception)
    {
        // EF wraps what looks transient into an exception of its own.
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (
                current
                is SocketException
                    or EndOfStreamException
                    or MySqlException
                    {
                        ErrorCode: MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.ConnectionCountError or MySqlErrorCode.ServerShutdown
                    }
            )
                return true;
        }
        return false;
    }

    /// <summary>
    /// The server failed and not the statement: no connection or a lost one, too many of them, a time-out, a server that shuts down or only reads.
    /// The caller may try again.
    /// </summary>
    public static bool IsAway(MySqlException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.IsTransient
            || exception.ErrorCode
                is MySqlErrorCode.CommandTimeoutExpired
                    or MySqlErrorCode.QueryInterrupted
                    or MySqlErrorCode.ServerShutdown
                    or MySqlErrorCode.NormalShutdown
                    or MySqlErrorCode.ShutdownComplete
                    or MySqlErrorCode.OptionPreventsStatement
                    or MySqlErrorCode.CannotExecuteInReadOnlyTransaction
            || exception.Number is ReadOnlyMode or MariaDbConnectionKilled
            || exception.InnerException is IOException or SocketException or TimeoutException;
    }

    /// <summary>SQLSTATE class 22 is "data exception", class 23 "integrity constraint violation".</summary>
    private static bool IsData(MySqlException exception) =>
        exception.SqlState is ['2', '2' or '3', ..] || exception.Number is MySqlCheckViolated or WrongValueForField;
}
