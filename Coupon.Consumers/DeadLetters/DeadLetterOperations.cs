using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// The replays and discards that run in the background, in MySQL: any instance may take one, show it, and be asked to stop it; one whose instance
/// died is taken over by another.
/// </summary>
internal sealed class DeadLetterOperations(MySqlDataSource database)
{
    /// <summary>How long an instance may be silent before another one takes its operation over.</summary>
    public const int LeaseSeconds = 30;

    private const int MostFailures = 100;

    private const string Columns =
        "operation, kind, state, actor, filter, reason, return_seat, rate, up_to_id, asked_at, answered_with, total, done, skipped, failed, handled, "
        + "failures, fault, stopped_by, runner, runner_until, begun_at, ended_at";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Puts an operation in line.</summary>
    public Task StartAsync(DeadLetterOperationRequest request, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO dead_letter_operations (operation, kind, state, actor, filter, reason, return_seat, rate, up_to_id, asked_at, answered_with,
              total, done, skipped, failed, handled, begun_at)
            VALUES (@Operation, @kind, 'Waiting', @Actor, @filter, @Reason, @ReturnSeat, @Rate, @UpToId, @AskedAt, @AnsweredWith,
              @Total, 0, 0, 0, 0, UTC_TIMESTAMP(3))
            """,
            new
            {
                request.Operation,
                kind = request.Kind.ToString(),
                request.Actor,
                filter = JsonSerializer.Serialize(request.Filter, _json),
                request.Reason,
                request.ReturnSeat,
                request.Rate,
                request.UpToId,
                request.AskedAt,
                request.AnsweredWith,
                request.Total,
            },
            cancellationToken
        );

    /// <summary>One; null: there is none.</summary>
    public Task<DeadLetterOperationRow?> FindAsync(string operation, CancellationToken cancellationToken) =>
        SingleAsync($"SELECT {Columns} FROM dead_letter_operations WHERE operation = @operation", new { operation }, cancellationToken);

    /// <summary>The last ones, newest first.</summary>
    public async Task<IReadOnlyList<DeadLetterOperationRow>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<DeadLetterOperationRow>(
            new CommandDefinition(
                $"SELECT {Columns} FROM dead_letter_operations ORDER BY begun_at DESC LIMIT @limit",
                new { limit },
                cancellationToken: cancellationToken
            )
        );
        return [.. rows];
    }

    /// <summary>Asks an operation to stop after the entries that have their turn at the moment.</summary>
    /// <returns>False: it has ended, or there is none.</returns>
    public async Task<bool> StopAsync(string operation, string actor, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            """
            UPDATE dead_letter_operations SET stopped_by = COALESCE(stopped_by, @actor)
            WHERE operation = @operation AND state IN ('Waiting', 'Running')
            """,
            new { operation, actor },
            cancellationToken
        ) > 0;

    /// <summary>Takes the oldest operation that nobody works on.</summary>
    /// <returns>Null: there is none.</returns>
    public async Task<DeadLetterOperationRow?> ClaimAsync(string runner, CancellationToken cancellationToken)
    {
        var taken = await ExecuteAsync(
            $"""
            UPDATE dead_letter_operations
            SET state = 'Running', runner = @runner, runner_until = UTC_TIMESTAMP(3) + INTERVAL {LeaseSeconds} SECOND
            WHERE state IN ('Waiting', 'Running') AND (runner_until IS NULL OR runner_until < UTC_TIMESTAMP(3))
            ORDER BY begun_at LIMIT 1
            """,
            new { runner },
            cancellationToken
        );
        return taken == 0
            ? null
            : await SingleAsync(
                $"SELECT {Columns} FROM dead_letter_operations WHERE state = 'Running' AND runner = @runner",
                new { runner },
                cancellationToken
            );
    }

    /// <summary>Records how far a run has come, and extends its lease.</summary>
    /// <returns>False: it has to stop, since an operator asked for it or another instance has taken the operation over.</returns>
    public async Task<bool> GoOnAsync(string operation, string runner, int handled, CancellationToken cancellationToken)
    {
        var kept = await ExecuteAsync(
            $"""
            UPDATE dead_letter_operations SET handled = @handled, runner_until = UTC_TIMESTAMP(3) + INTERVAL {LeaseSeconds} SECOND
            WHERE operation = @operation AND runner = @runner AND state = 'Running'
            """,
            new
            {
                operation,
                runner,
                handled,
            },
            cancellationToken
        );
        return kept > 0 && await FindAsync(operation, cancellationToken) is { StoppedBy: null };
    }

    /// <summary>Gives an operation back whose instance stops: another one goes on with the rest.</summary>
    public Task HandBackAsync(string operation, string runner, int handled, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            UPDATE dead_letter_operations SET state = 'Waiting', runner = NULL, runner_until = NULL, handled = @handled
            WHERE operation = @operation AND runner = @runner AND state = 'Running'
            """,
            new
            {
                operation,
                runner,
                handled,
            },
            cancellationToken
        );

    /// <summary>Records the end.</summary>
    /// <returns>False: another instance has taken the operation over, and records its end.</returns>
    public async Task<bool> EndAsync(
        string operation,
        string runner,
        DeadLetterOperationState state,
        OperationResult result,
        string? fault,
        CancellationToken cancellationToken
    ) =>
        await ExecuteAsync(
            """
            UPDATE dead_letter_operations
            SET state = @state, done = @Done, skipped = @Skipped, failed = @failed, handled = @handled, failures = @failures, fault = @fault,
              runner_until = NULL, ended_at = UTC_TIMESTAMP(3)
            WHERE operation = @operation AND runner = @runner AND state = 'Running'
            """,
            new
            {
                operation,
                runner,
                state = state.ToString(),
                result.Done,
                result.Skipped,
                failed = result.Failures.Count,
                handled = result.Done + result.Skipped + result.Failures.Count,
                failures = result.Failures.Count == 0 ? null : JsonSerializer.Serialize(result.Failures.Take(MostFailures), _json),
                fault = fault is { Length: > DeadLetterOperationRow.MaxFaultLength } ? fault[..DeadLetterOperationRow.MaxFaultLength] : fault,
            },
            cancellationToken
        ) > 0;

    /// <summary>Removes operations that ended longer ago than this.</summary>
    public Task ForgetAsync(TimeSpan age, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "DELETE FROM dead_letter_operations WHERE begun_at < UTC_TIMESTAMP(3) - INTERVAL @seconds SECOND AND ended_at IS NOT NULL",
            new { seconds = (long)age.TotalSeconds },
            cancellationToken
        );

    /// <summary>The filter of an operation.</summary>
    public static DeadLetterFilter FilterOf(DeadLetterOperationRow operation) =>
        JsonSerializer.Deserialize<DeadLetterFilter>(operation.Filter, _json) ?? new DeadLetterFilter();

    /// <summary>The refusals that are kept of an operation.</summary>
    public static IReadOnlyList<OperationFailure> FailuresOf(DeadLetterOperationRow operation) =>
        operation.Failures is { } failures ? JsonSerializer.Deserialize<OperationFailure[]>(failures, _json) ?? [] : [];

    private async Task<DeadLetterOperationRow?> SingleAsync(string sql, object values, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DeadLetterOperationRow>(
            new CommandDefinition(sql, values, cancellationToken: cancellationToken)
        );
    }

    private async Task<int> ExecuteAsync(string sql, object values, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
    }
}
