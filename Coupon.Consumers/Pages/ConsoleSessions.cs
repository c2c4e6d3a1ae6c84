using System.Security.Cryptography;
using System.Text;
using Coupon.Hosting.Operators;
using Dapper;
using Microsoft.AspNetCore.WebUtilities;
using MySqlConnector;

namespace Coupon.Consumers.Pages;

/// <summary>
/// The sessions of operators who signed in at the console, in MySQL: a session that was ended here is ended at every instance, and one that was begun
/// here goes on after a restart. While MySQL is away nobody is signed in, but nothing at the console works without it.
/// </summary>
internal sealed class ConsoleSessions(MySqlDataSource database, OperatorOptions options, TimeProvider time)
{
    private const int TokenBytes = 32;
    private const int Hours = 8;

    // A page waits for it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private static readonly int _tokenLength = WebEncoders.Base64UrlEncode(new byte[TokenBytes]).Length;

    /// <summary>Begins a session.</summary>
    /// <returns>The token by which the browser shows it, which is nowhere else.</returns>
    public async Task<string> BeginAsync(string actor, CancellationToken cancellationToken)
    {
        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenBytes));
        await ExecuteAsync(
            """
            INSERT INTO console_sessions (token_hash, actor, created_at, ends_at)
            VALUES (@hash, @actor, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL @Hours HOUR)
            """,
            new
            {
                hash = HashOf(token),
                actor,
                Hours,
            },
            cancellationToken
        );
        return token;
    }

    /// <summary>The operator of a session; null: there is no such session, or it has ended.</summary>
    public async Task<string?> FindAsync(string token, CancellationToken cancellationToken)
    {
        // Whatever else a browser may send takes no statement.
        if (token.Length != _tokenLength || options.Key is null)
            return null;
        var hash = HashOf(token);
        var found = await BoundedAsync(
            (connection, bounded) =>
                connection.QuerySingleOrDefaultAsync<(string? Actor, long IsLate)>(
                    new CommandDefinition(
                        """
                        SELECT actor, CAST(ends_at < UTC_TIMESTAMP(3) + INTERVAL @half HOUR AS SIGNED)
                        FROM console_sessions WHERE token_hash = @hash AND ends_at > UTC_TIMESTAMP(3)
                        """,
                        new { hash, half = Hours / 2 },
                        cancellationToken: bounded
                    )
                ),
            cancellationToken
        );

        // Once in hours, where a session is in use in its second half.
        if (found.IsLate != 0)
            await ExecuteAsync(
                "UPDATE console_sessions SET ends_at = UTC_TIMESTAMP(3) + INTERVAL @Hours HOUR WHERE token_hash = @hash",
                new { hash, Hours },
                cancellationToken
            );
        return found.Actor;
    }

    /// <summary>Ends a session, at every instance.</summary>
    public Task EndAsync(string token, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM console_sessions WHERE token_hash = @hash", new { hash = HashOf(token) }, cancellationToken);

    /// <summary>Removes the sessions that have ended by themselves.</summary>
    public Task ForgetEndedAsync(CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM console_sessions WHERE ends_at <= UTC_TIMESTAMP(3)", new { }, cancellationToken);

    private byte[] HashOf(string token) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.Key ?? ""), Encoding.UTF8.GetBytes(token));

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken cancellationToken) =>
        BoundedAsync(
            (connection, bounded) => connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: bounded)),
            cancellationToken
        );

    private async Task<T> BoundedAsync<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await using var connection = await database.OpenConnectionAsync(bounded.Token);
            return await work(connection, bounded.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"MySQL has not answered for {_patience.TotalSeconds} s.", exception);
        }
    }
}
