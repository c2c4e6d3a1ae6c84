using System.Text.RegularExpressions;
using Coupon.Hosting;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>The text of a failure with the ids of users hashed, since it goes into logs and into a header of the dead letter.</summary>
internal static partial class FailureText
{
    public static string Of(Exception exception) =>
        exception is MySqlException
            ? Quoted().Replace(exception.Message, match => $"'{HashedUser.Of(match.Groups["value"].Value)}'")
            : exception.Message;

    // MySQL quotes the values of the row: Duplicate entry '42-17' for key …, Incorrect integer value: 'x' for column …
    [GeneratedRegex("(?<=entry |value: )'(?<value>[^']*)'")]
    private static partial Regex Quoted();
}
