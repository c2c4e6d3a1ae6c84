using Coupon.Database;
using Dapper;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Coupon.Hosting.Audit;

/// <summary>
/// The audit of what operators do: the table <c>operator_actions</c>. A row is written before its action begins, so that an action without a trace is
/// impossible, and completed with the result when it ends.
/// </summary>
public sealed class ActionRecords(MySqlDataSource database, TimeProvider time, ILogger<ActionRecords> logger)
{
    // So that no delete holds many locks.
    private const int MostForgottenAtOnce = 1000;

    // The answer to an operator waits for it, and the action is done already.
    private static readonly TimeSpan _patienceAtTheEnd = TimeSpan.FromSeconds(5);

    /// <summary>Writes the row of an action that is about to begin.</summary>
    /// <exception cref="ActionNotRecordedException">It could not be written: the action must not begin.</exception>
    public async Task BeginAsync(OperatorAction action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            var connection = await database.OpenConnectionAsync(cancellationToken);
            await using (connection)
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        """
                        INSERT INTO operator_actions (operation, at, actor, action, coupon_id, address, result)
                        VALUES (@Operation, UTC_TIMESTAMP(3), @Actor, @Name, @CouponId, @Address, @begun)
                        """,
                        new
                        {
                            action.Operation,
                            action.Actor,
                            action.Name,
                            action.CouponId,
                            action.Address,
                            begun = OperatorActionRow.Begun,
                        },
                        cancellationToken: cancellationToken
                    )
                );
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ActionNotRecordedException(exception);
        }
    }

    /// <summary>
    /// Completes the row of an action, once. Where that fails, the action is done all the same: the log says so, and the row goes on saying <see
    /// cref="OperatorActionRow.Begun"/>.
    /// </summary>
    public async Task EndAsync(OperatorAction action, string result)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (action.HasEnded)
            return;
        action.HasEnded = true;
        var noted = action.Note is { } note ? $"{result} {note}" : result;
        if (await TryEndAsync(action.Operation, action.CouponId, noted) is { } failure)
            Log.EndNotRecorded(logger, action.Name, action.Actor, result, failure);
    }

    /// <summary>Completes the row of an action that went on in the background (<see cref="OperatorAction.GoesOn"/>).</summary>
    public async Task EndAsync(string operation, long? couponId, string result)
    {
        if (await TryEndAsync(operation, couponId, result) is { } failure)
            Log.EndOfOperationNotRecorded(logger, operation, result, failure);
    }

    private async Task<string?> TryEndAsync(string operation, long? couponId, string result)
    {
        try
        {
            using var bound = new CancellationTokenSource(_patienceAtTheEnd, time);
            var connection = await database.OpenConnectionAsync(bound.Token);
            await using (connection)
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        """
                        UPDATE operator_actions SET ended_at = UTC_TIMESTAMP(3), coupon_id = @couponId, result = @result
                        WHERE operation = @operation
                        """,
                        new
                        {
                            operation,
                            couponId,
                            result = OperatorAction.Bounded(result, OperatorActionRow.MaxResultLength),
                        },
                        cancellationToken: bound.Token
                    )
                );
            }
            return null;
        }
#pragma warning disable CA1031 // Whatever it was: the action is done, and its answer must say what came of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.GetBaseException().Message;
        }
    }

    /// <summary>Actions, newest first.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="before">Only ids below this one.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<OperatorActionRow>> ListAsync(ActionFilter filter, long before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var rows = await connection.QueryAsync<OperatorActionRow>(
                new CommandDefinition(
                    $"""
                    SELECT id, operation, at, ended_at, actor, action, coupon_id, address, result FROM operator_actions
                    WHERE id < @before{(filter.CouponId is null ? "" : " AND coupon_id = @CouponId")}{(
                        filter.Operation is null ? "" : " AND operation = @Operation"
                    )}
                    ORDER BY id DESC LIMIT @limit
                    """,
                    new
                    {
                        before,
                        filter.CouponId,
                        filter.Operation,
                        limit,
                    },
                    cancellationToken: cancellationToken
                )
            );
            return [.. rows];
        }
    }

    /// <summary>Removes the actions that began longer ago than this.</summary>
    public async Task ForgetAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var forget = new CommandDefinition(
                "DELETE FROM operator_actions WHERE at < UTC_TIMESTAMP(3) - INTERVAL @seconds SECOND LIMIT @most",
                new { seconds = (long)age.TotalSeconds, most = MostForgottenAtOnce },
                cancellationToken: cancellationToken
            );
            while (await connection.ExecuteAsync(forget) == MostForgottenAtOnce) { }
        }
    }
}
